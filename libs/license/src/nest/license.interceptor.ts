import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';

import { LicenseRequiredException } from './license.exception.js';
import { refuseThrough } from './refusal-shapes.js';

/**
 * Gives refusals that a handler throws itself, as `assertWithinLimit()` does, the shape of its transport. HTTP handlers
 * need it only for `Retry-After`; a resolver, gateway or message handler without it answers "Internal server error".
 */
@Injectable()
export class LicenseInterceptor implements NestInterceptor {
  /** Passes on what the handler gives or throws; a thrown {@link LicenseRequiredException} in the shape of the transport. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (error instanceof LicenseRequiredException) return refuseThrough(context, error);
        throw error;
      }),
    );
  }
}
