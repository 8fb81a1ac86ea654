/**
 * Every code a {@link LicenseError} can carry. Codes are stable: programs may compare them, `docs/protocol.md`
 * and the test vectors name them. Messages are for people and may change.
 */
export type LicenseErrorCode =
  // reading anything from outside (protocol section 4)
  /** Larger than protocol section 4 allows; also when sealing or signing would make it so. */
  | 'TOO_LARGE'
  /** Not the form of such a document, file or packet. */
  | 'MALFORMED'
  /** A header member is missing, added or no string; or a key id that is none. */
  | 'HEADER_REFUSED'
  /** A document of another type (`typ`). */
  | 'TYPE_REFUSED'
  /** An algorithm that is not allowed here, or is not the key's. */
  | 'ALGORITHM_REFUSED'
  /** A key id that is not in the ring. */
  | 'KEY_UNKNOWN'
  // seals and signatures
  /** The seal does not open: wrong key or changed content, which cannot be told apart. */
  | 'SEAL_NOT_OPENED'
  /** Not what that key signed. */
  | 'SIGNATURE_INVALID'
  /** Issued outside the time of service of the key that signed it. */
  | 'KEY_NOT_IN_SERVICE'
  // claims
  /** A later version of the protocol: upgrade the reader. */
  | 'VERSION_UNSUPPORTED'
  /** Signed, but its claims break the protocol; `problems` names every bad one. */
  | 'CLAIMS_INVALID'
  /** An edition outside the app's ladder. */
  | 'EDITION_UNKNOWN'
  /** A license for another product. */
  | 'PRODUCT_MISMATCH'
  /** A license for other deployments. */
  | 'DEPLOYMENT_MISMATCH'
  // which license counts (protocol section 5)
  /** Its id is on the vendor's revocation list. */
  | 'REVOKED'
  /** A lower serial than that of the license in force, or a revocation list that is not newer. */
  | 'ROLLBACK'
  /** The serial of the license in force, with other bytes. */
  | 'SERIAL_CONFLICT'
  /** It begins later, and is kept until then. */
  | 'NOT_YET_VALID'
  /** Issued more than 24 hours ahead, and kept for later: one of two clocks is wrong. */
  | 'ISSUED_IN_FUTURE'
  /** It has ended. */
  | 'EXPIRED'
  // files
  /** No such file. */
  | 'FILE_ABSENT'
  /** A directory, FIFO, socket or device; empty; or too large. */
  | 'FILE_REFUSED'
  /** The file system does not let it be read; `cause` says why. */
  | 'FILE_UNREADABLE'
  /** The key file could not be written; what was there still is. */
  | 'FILE_NOT_WRITTEN'
  // keys, configuration, use
  /** An encryption, public or signing key that the protocol does not allow. */
  | 'KEY_REFUSED'
  /** Options, variables or gates that cannot be used; `problems` names every one. */
  | 'CONFIGURATION_INVALID'
  /** A decorator is used, and `LicenseModule` is not in the application. */
  | 'MODULE_NOT_IMPORTED'
  /** `LicenseService` was asked before the local key was read. */
  | 'NOT_STARTED'
  /** A gated handler was called in a way in which the guard cannot refuse: it lets nothing through. */
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
  /** Always `LicenseError`. */
  override readonly name = 'LicenseError';
  /** Every single problem, when the message covers several; else empty. Frozen. */
  readonly problems: readonly string[];

  /** @param message what was expected, what was found, what to do; nothing secret */
  constructor(
    /** What is wrong, for programs. */
    readonly code: LicenseErrorCode,
    message: string,
    details: LicenseErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.problems = Object.freeze([...(details.problems ?? [])]);
  }
}
