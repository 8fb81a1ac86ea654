/** What a license may say about one feature: switched on, or a value such as a tier or a number. */
export type FeatureValue = true | string | number;

/**
 * A license as the rest of the program sees it: the claims of a signed license, checked, named and frozen.
 * Where one of these exists, its signature was verified (or the caller asked for an unverified one by name).
 * Times are milliseconds since 1970, UTC.
 */
export interface License {
  /** License id (`jti`). */
  readonly id: string;
  /** Vendor (`iss`). */
  readonly issuer: string;
  /** Product (`aud`). */
  readonly product: string;
  /** Whom it is for. */
  readonly customer: {
    /** Customer id (`sub`). */
    readonly id: string;
    /** For people; null when the license does not say. */
    readonly name: string | null;
  };
  /** Of one issuer and product, the license with the highest serial counts. */
  readonly serial: number;
  /** When the vendor signed it (`iat`). */
  readonly issuedAtMs: number;
  /** Not before; -Infinity when the license does not say. */
  readonly notBeforeMs: number;
  /** Soft end (`license_expires`, else `exp`): the grace period begins. Infinity for a perpetual license. */
  readonly softEndMs: number;
  /** Hard end (`exp`): enterprise stops. Infinity for a perpetual license. */
  readonly hardEndMs: number;
  /** A name of the app's edition ladder. */
  readonly edition: string;
  /** Licensed features by name. Has no prototype, so a feature called `constructor` is not licensed by accident. */
  readonly features: Readonly<Record<string, FeatureValue>>;
  /** Limits by name; -1 is unlimited, an absent name is unlimited too. Has no prototype. */
  readonly limits: Readonly<Record<string, number>>;
  /** Ids of the deployments this license may run in; null when it may run in any. */
  readonly deployments: readonly string[] | null;
  /** The vendor calls it a trial. Decides nothing. */
  readonly trial: boolean;
  /** The vendor says it is not for production. Decides nothing. */
  readonly nonProduction: boolean;
}

/** Where a license stands in time. */
export type Standing =
  /** Before its begin (`nbf`), or issued more than 24 hours ahead of the clock. */
  | 'not-yet-valid'
  /** Before its soft end. */
  | 'active'
  /** Between its soft and its hard end: still licensed. */
  | 'grace'
  /** From its hard end on. */
  | 'expired';

/** Licenses issued further ahead than this are held back: one of the two clocks is wrong. */
export const maxIssuedAheadMs = 24 * 60 * 60 * 1000;

/** Judges the dates of a license at `nowMs`. Pure: the same arguments give the same answer. */
export function standingOf(license: License, nowMs: number): Standing {
  if (nowMs < license.notBeforeMs || license.issuedAtMs > nowMs + maxIssuedAheadMs) return 'not-yet-valid';
  if (nowMs >= license.hardEndMs) return 'expired';
  return nowMs < license.softEndMs ? 'active' : 'grace';
}
