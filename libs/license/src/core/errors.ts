/**
 * Every code a {@link LicenseError} can carry. Codes are stable: programs may compare them, `docs/protocol.md`
 * and the test vectors name them. Messages are for people and may change.
 */
export type LicenseErrorCode =
  // reading anything from outside (protocol section 4)
  | 'TOO_LARGE'
  | 'MALFORMED'
  | 'HEADER_REFUSED'
  | 'TYPE_REFUSED'
  | 'ALGORITHM_REFUSED'
  | 'KEY_UNKNOWN'
  // seals and signatures
  | 'SEAL_NOT_OPENED'
  | 'SIGNATURE_INVALID'
  | 'KEY_NOT_IN_SERVICE'
  // claims
  | 'VERSION_UNSUPPORTED'
  | 'CLAIMS_INVALID'
  | 'EDITION_UNKNOWN'
  | 'PRODUCT_MISMATCH'
  | 'DEPLOYMENT_MISMATCH'
  // which license counts (protocol section 5)
  | 'REVOKED'
  | 'ROLLBACK'
  | 'SERIAL_CONFLICT'
  | 'NOT_YET_VALID'
  | 'ISSUED_IN_FUTURE'
  | 'EXPIRED'
  // files
  | 'FILE_ABSENT'
  | 'FILE_REFUSED'
  | 'FILE_UNREADABLE'
  | 'FILE_NOT_WRITTEN'
  // keys, configuration, use
  | 'KEY_REFUSED'
  | 'CONFIGURATION_INVALID'
  | 'MODULE_NOT_IMPORTED'
  | 'NOT_STARTED'
  | 'CONTEXT_UNSUPPORTED';

/** What a {@link LicenseError} may carry beside its message. */
export interface LicenseErrorDetails {
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Every single problem, when one message covers several: bad claims, bad variables. */
  readonly problems?: readonly string[];
}

/**
 * The one error class of this library. The message says what was expected, what was found and what to do;
 * it never contains a key, an envelope, a token or a customer's name.
 */
export class LicenseError extends Error {
  override readonly name = 'LicenseError';
  readonly problems: readonly string[];

  constructor(
    readonly code: LicenseErrorCode,
    message: string,
    details: LicenseErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.problems = Object.freeze([...(details.problems ?? [])]);
  }
}
