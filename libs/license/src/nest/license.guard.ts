import { Inject, Injectable, Optional, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { LicenseError } from '../core/errors.js';
import { LicenseService } from './license.service.js';
import { canRefuse, refuseThrough } from './refusal-shapes.js';
import { combinedRequirements, type Requirement } from './requirements.js';

type Handler = ReturnType<ExecutionContext['getHandler']>;

/** What a handler needs where it is called as one of this class, over this transport. */
interface Gate {
  readonly type: ReturnType<ExecutionContext['getClass']>;
  readonly transport: string;
  readonly requirements: readonly Requirement[];
  /** The same handler, inherited by another class or called over another transport. */
  readonly next: Gate | undefined;
}

/**
 * Enforces the requirements of the decorators: on every call, by the license of that moment. The requirements
 * of the class and of the handler all apply; `@CommunityAllowed()` lifts those of the class. What it cannot judge,
 * it refuses. It reads only the license, so it may also stand as a global guard, beside the decorators' own.
 */
@Injectable()
export class LicenseGuard implements CanActivate {
  private readonly license: LicenseService;
  /** Decorators do not change after start, so what a handler needs is put together once. */
  private readonly gates = new WeakMap<Handler, Gate>();

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
    for (const requirement of this.requirementsOf(context)) {
      const refusal = this.license.check(requirement, context);
      if (refusal !== null) return refuseThrough(context, refusal);
    }
    return true;
  }

  private requirementsOf(context: ExecutionContext): readonly Requirement[] {
    const handler = context.getHandler();
    const type = context.getClass();
    const transport = context.getType<string>();
    const first = this.gates.get(handler);
    let gate = first;
    while (gate !== undefined && (gate.type !== type || gate.transport !== transport)) gate = gate.next;
    if (gate !== undefined) return gate.requirements;
    const requirements = combinedRequirements(type, handler);
    if (requirements.length > 0) assertSupported(transport);
    this.gates.set(handler, { type, transport, requirements, next: first });
    return requirements;
  }
}

/** @throws {CONTEXT_UNSUPPORTED} where the guard does not know how to refuse: nothing passes unjudged */
function assertSupported(transport: string): void {
  if (canRefuse(transport)) return;
  throw new LicenseError(
    'CONTEXT_UNSUPPORTED',
    `expected a handler of type http, graphql, ws or rpc, found "${transport}", where the license guard cannot refuse properly ` +
      'and so lets nothing through: ask LicenseService in the handler instead',
  );
}

function assertInRequest(context: ExecutionContext | undefined): asserts context is ExecutionContext {
  if (typeof context?.getHandler === 'function') return;
  throw new LicenseError(
    'CONTEXT_UNSUPPORTED',
    'expected the execution context that Nest gives to guards, found none: outside a request ask LicenseService, ' +
      'for example hasFeature()',
  );
}
