import type { EditionLadder } from '../core/editions.js';
import type { LicenseError } from '../core/errors.js';
import type { License } from '../core/license.js';
import type { LicenseOrigin } from '../core/status.js';
import type { TrustedKeyRing } from '../protocol/trusted-keys.js';

/** What an instance accepts, set once at start. */
export interface TrustPolicy {
  /** Whose signatures are believed. */
  readonly keys: TrustedKeyRing;
  /** The editions this app knows. */
  readonly editions: EditionLadder;
  /** Accept licenses of this product only; null accepts any product of a trusted key. */
  readonly product: string | null;
  /** The deployment this instance runs in; null when it was not told. */
  readonly deploymentId: string | null;
}

/** The vendor's statements as somebody offers them: a file, a message, a variable. */
export interface LicenseOffer {
  /** Where it comes from. Shown; decides nothing. */
  readonly origin: LicenseOrigin;
  /** A compact JWS, or null when the other side has none. */
  readonly license: string | null;
  /** The compact JWS of a revocation list, judged before the license. */
  readonly revocation?: string;
}

/** What became of an offer. */
export type Verdict =
  | {
      /** It is in force now. */
      readonly outcome: 'accepted';
      /** What it says. */
      readonly license: License;
    }
  | {
      /** It is what counts already. */
      readonly outcome: 'unchanged';
    }
  | {
      /** It is valid later, and kept until then. */
      readonly outcome: 'kept-for-later';
      /** `NOT_YET_VALID` or `ISSUED_IN_FUTURE`. */
      readonly error: LicenseError;
    }
  | {
      /** The other side has no license. */
      readonly outcome: 'none';
    }
  | {
      /** It is not accepted, and what was in force still is. */
      readonly outcome: 'refused';
      /** Why. */
      readonly error: LicenseError;
      /** Did the vendor sign it? Else it says nothing about this deployment. */
      readonly vendorSigned: boolean;
    };

/** The verdict on an offer, and separately on the revocation list that came with it. */
export interface Judgement {
  /** What became of the license. */
  readonly verdict: Verdict;
  /** Why the revocation list was not taken, when it was not. */
  readonly revocationError: LicenseError | null;
}
