import { Inject, Injectable, Optional, type CanActivate, type ExecutionContext } from '@nestjs/common';

import { LicenseError } from '../core/errors.js';
import { LicenseRequiredException } from './license.exception.js';
import { LicenseService } from './license.service.js';
import { requirementsOf, type Requirement } from './requirements.js';

/**
 * Enforces the requirements of the decorators: on every request, by the license of that moment. The requirements
 * of the class and of the handler all apply. What it cannot judge, it refuses.
 */
@Injectable()
export class LicenseGuard implements CanActivate {
  private readonly license: LicenseService;

  constructor(@Optional() @Inject(LicenseService) license?: LicenseService) {
    if (license === undefined) {
      throw new LicenseError(
        'MODULE_NOT_IMPORTED',
        'expected LicenseModule in the application, found none: add LicenseModule.forRoot() to the imports of the root module',
      );
    }
    this.license = license;
  }

  canActivate(context: ExecutionContext): boolean {
    this.assertSupported(context);
    for (const requirement of this.requirementsOf(context)) {
      const refusal = this.license.check(requirement);
      if (refusal !== null) this.refuse(context, refusal);
    }
    return true;
  }

  /** @throws {CONTEXT_UNSUPPORTED} when the guard does not know how to refuse there: nothing passes unjudged */
  protected assertSupported(context: ExecutionContext): void {
    const type = context.getType<string>();
    if (type === 'http') return;
    throw new LicenseError(
      'CONTEXT_UNSUPPORTED',
      `expected an HTTP request, found a handler of type "${type}", which the license guard cannot judge and so refuses`,
    );
  }

  protected requirementsOf(context: ExecutionContext): readonly Requirement[] {
    return [context.getClass(), context.getHandler()].flatMap(requirementsOf);
  }

  /** Ends the request with the refusal. */
  protected refuse(context: ExecutionContext, refusal: LicenseRequiredException): never {
    if (refusal.retryAfterSeconds !== null) {
      const response = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
      response.header('Retry-After', String(refusal.retryAfterSeconds)); // Express and Fastify both have it
    }
    throw refusal;
  }
}
