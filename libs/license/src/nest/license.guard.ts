import { Inject, Injectable, Optional, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { LicenseError } from '../core/errors.js';
import type { LicenseRequiredException } from './license.exception.js';
import { LicenseService } from './license.service.js';
import { canRefuse, refuseThrough } from './refusal-shapes.js';
import { combinedRequirements, type Requirement } from './requirements.js';

type Handler = ReturnType<ExecutionContext['getHandler']>;

/**
 * Enforces the requirements of the decorators: on every call, by the license of that moment. The requirements
 * of the class and of the handler all apply; `@CommunityAllowed()` lifts those of the class. What it cannot judge,
 * it refuses. It reads only the license, so it may also stand as a global guard, beside the decorators' own.
 */
@Injectable()
export class LicenseGuard implements CanActivate {
  private readonly license: LicenseService;
  /** Decorators do not change after start, so what a handler needs is put together once. */
  private readonly known = new WeakMap<Handler, WeakMap<object, readonly Requirement[]>>();

  /** For Nest. @hidden */
  constructor(@Optional() @Inject(LicenseService) license?: LicenseService) {
    if (license === undefined) {
      throw new LicenseError(
        'MODULE_NOT_IMPORTED',
        'expected LicenseModule in the application, found none: add LicenseModule.forRoot() to the imports of the root module',
      );
    }
    this.license = license;
  }

  /**
   * @returns true at once when the license allows the call
   * @throws {LicenseRequiredException} over HTTP; elsewhere the exception of that transport, with the same body and
   *   this one as its `cause`. Gateways and microservices get it through the promise
   * @throws {CONTEXT_UNSUPPORTED} outside a request, and where the guard does not know how to refuse
   */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    assertInRequest(context);
    const requirements = this.requirementsOf(context);
    if (requirements.length === 0) return true;
    this.assertSupported(context);
    for (const requirement of requirements) {
      const refusal = this.license.check(requirement, context);
      if (refusal !== null) return this.refuse(context, refusal);
    }
    return true;
  }

  /** @throws {CONTEXT_UNSUPPORTED} when the guard does not know how to refuse there: nothing passes unjudged */
  protected assertSupported(context: ExecutionContext): void {
    const type = context.getType<string>();
    if (canRefuse(type)) return;
    throw new LicenseError(
      'CONTEXT_UNSUPPORTED',
      `expected a handler of type http, graphql, ws or rpc, found "${type}", where the license guard cannot refuse properly ` +
        'and so lets nothing through: ask LicenseService in the handler instead',
    );
  }

  /** Everything that the handler of this call needs; empty when it has no gate. */
  protected requirementsOf(context: ExecutionContext): readonly Requirement[] {
    const type = context.getClass();
    const handler = context.getHandler();
    return this.known.get(handler)?.get(type) ?? this.remember(type, handler);
  }

  /** Ends the call with the refusal. */
  protected refuse(context: ExecutionContext, refusal: LicenseRequiredException): Promise<never> {
    return refuseThrough(context, refusal);
  }

  private remember(type: ReturnType<ExecutionContext['getClass']>, handler: Handler): readonly Requirement[] {
    const requirements = combinedRequirements(type, handler);
    const ofHandler = this.known.get(handler) ?? new WeakMap<object, readonly Requirement[]>();
    this.known.set(handler, ofHandler.set(type, requirements));
    return requirements;
  }
}

function assertInRequest(context: ExecutionContext | undefined): asserts context is ExecutionContext {
  if (typeof context?.getHandler === 'function') return;
  throw new LicenseError(
    'CONTEXT_UNSUPPORTED',
    'expected the execution context that Nest gives to guards, found none: outside a request ask LicenseService, ' +
      'for example hasFeature()',
  );
}
