import { HttpException } from '@nestjs/common';

import type { LicenseReason } from '../core/status.js';

/** Stable codes of refusals. */
export type RefusalCode =
  /** The license is still being loaded: try again in a moment. */
  | 'LICENSE_PENDING'
  /** A gate requires a higher edition. */
  | 'LICENSE_EDITION_REQUIRED'
  /** A gate requires a feature that no license in force names. */
  | 'LICENSE_FEATURE_REQUIRED'
  /** More than the limit in effect allows. */
  | 'LICENSE_LIMIT_EXCEEDED';

/** The body of a refusal: enough to explain it to a user, nothing about the customer, ids or dates. */
export interface RefusalBody {
  /** 402, or what `forRoot({ refusal: { status } })` says; 503 while pending. In the body on every transport. */
  readonly statusCode: number;
  /** `License Required`; `Service Unavailable` while pending. */
  readonly error: string;
  /** What was refused, for programs. */
  readonly code: RefusalCode;
  /** One sentence for people, which `forRoot({ refusal: { message } })` can replace. */
  readonly message: string;
  /** The edition a gate requires. With `LICENSE_EDITION_REQUIRED`. */
  readonly requiredEdition?: string;
  /** The feature a gate requires. With `LICENSE_FEATURE_REQUIRED`. */
  readonly requiredFeature?: string;
  /** Name of the limit. With `LICENSE_LIMIT_EXCEEDED`. */
  readonly limit?: string;
  /** What that limit allows. */
  readonly allowed?: number;
  /** The edition in effect. */
  readonly edition: string;
  /** Why it is not enough: the reason of the license status, or `not-entitled` when the license is fine but lower. */
  readonly reason: LicenseReason | 'not-entitled' | 'limit-exceeded';
  /** Where to get a license, when `forRoot({ refusal: { upgradeUrl } })` says so. */
  readonly upgradeUrl?: string;
}

/** Seconds after which a client may try again while the license is still being loaded. */
export const retryAfterSeconds = 2;

/** Thrown where a license does not allow what was asked for. An HttpException: 402 by default, 503 while pending. */
export class LicenseRequiredException extends HttpException {
  constructor(
    /** What the caller is told. */
    readonly body: RefusalBody,
  ) {
    super({ ...body }, body.statusCode);
  }

  /** What was refused, for programs: `body.code`. */
  get code(): RefusalCode {
    return this.body.code;
  }

  /** Seconds for the `Retry-After` header, or null when trying again does not help by itself. */
  get retryAfterSeconds(): number | null {
    return this.body.code === 'LICENSE_PENDING' ? retryAfterSeconds : null;
  }
}
