import { HttpException } from '@nestjs/common';

import type { LicenseReason } from '../core/status.js';

/** Stable codes of refusals. */
export type RefusalCode =
  'LICENSE_PENDING' | 'LICENSE_EDITION_REQUIRED' | 'LICENSE_FEATURE_REQUIRED' | 'LICENSE_LIMIT_EXCEEDED';

/** The body of a refusal: enough to explain it to a user, nothing about the customer, ids or dates. */
export interface RefusalBody {
  readonly statusCode: number;
  readonly error: string;
  readonly code: RefusalCode;
  readonly message: string;
  readonly requiredEdition?: string;
  readonly requiredFeature?: string;
  readonly limit?: string;
  readonly allowed?: number;
  /** The edition in effect. */
  readonly edition: string;
  /** Why it is not enough: the reason of the license status, or `not-entitled` when the license is fine but lower. */
  readonly reason: LicenseReason | 'not-entitled' | 'limit-exceeded';
  readonly upgradeUrl?: string;
}

/** Seconds after which a client may try again while the license is still being loaded. */
export const retryAfterSeconds = 2;

/** Thrown where a license does not allow what was asked for. An HttpException: 402 by default, 503 while pending. */
export class LicenseRequiredException extends HttpException {
  constructor(readonly body: RefusalBody) {
    super({ ...body }, body.statusCode);
  }

  get code(): RefusalCode {
    return this.body.code;
  }

  /** Seconds for the `Retry-After` header, or null when trying again does not help by itself. */
  get retryAfterSeconds(): number | null {
    return this.body.code === 'LICENSE_PENDING' ? retryAfterSeconds : null;
  }
}
