import type { FeatureValue } from './license.js';

/**
 * What this instance believes. Only `active` and `grace` are licensed; everything else runs as the lowest
 * edition, and the state says why.
 */
export type LicenseState =
  /** Nobody knows yet: the first answer of a license-server is awaited. */
  | 'pending'
  /** Licensed. */
  | 'active'
  /** Licensed, in the grace period after the soft end. */
  | 'grace'
  /** The license has ended. */
  | 'expired'
  /** There is no license, or licensing is not configured. */
  | 'absent'
  /** There is one, and it does not count here: the reason says why. Also when licensing is configured wrongly. */
  | 'invalid'
  /** The vendor took it back. */
  | 'revoked';

// A record, so that the compiler misses none.
const states: Readonly<Record<LicenseState, true>> = {
  pending: true,
  active: true,
  grace: true,
  expired: true,
  absent: true,
  invalid: true,
  revoked: true,
};

/** Every state there is. */
export const licenseStates: readonly LicenseState[] = Object.freeze(Object.keys(states) as LicenseState[]);

/** The finer answer to "why": a stable word for programs, also sent in refusals. */
export type LicenseReason =
  /** A license is in force. */
  | 'licensed'
  /** A license is in force, in its grace period. */
  | 'grace'
  /** The license has not been loaded yet. */
  | 'pending'
  /** No licensing variable is set, and neither `encryptionKeys` nor `license` among the options. */
  | 'not-configured'
  /** No license was found. */
  | 'absent'
  /** The license has ended. */
  | 'expired'
  /** The vendor took it back. */
  | 'revoked'
  /** It begins later, or a clock is wrong. */
  | 'not-yet-valid'
  /** It is for another product. */
  | 'wrong-product'
  /** It is for other deployments. */
  | 'wrong-deployment'
  /** It names an edition that this version does not know. */
  | 'unknown-edition'
  /** Licensing is configured with something that cannot be used; the log names it. */
  | 'misconfigured'
  /** What was found could not be accepted; the log says why. */
  | 'refused';

/** Why a deployment is not licensed, as it reads in a sentence: "this deployment runs community (…)". */
export const reasonText: Readonly<Record<LicenseReason, string>> = Object.freeze({
  licensed: 'the license is valid',
  grace: 'the license has ended and is in its grace period',
  pending: 'the license has not been loaded yet',
  'not-configured': 'licensing is not configured',
  absent: 'no license key found',
  expired: 'the license has expired',
  revoked: 'the license was revoked',
  'not-yet-valid': 'the license is not valid yet; is the system clock right?',
  'wrong-product': 'the license is for another product',
  'wrong-deployment': 'the license is for another deployment',
  'unknown-edition': 'the license names an edition this version does not know',
  misconfigured: 'licensing is configured wrongly',
  refused: 'the license found could not be accepted',
});

/** Where the license in force came from. */
export type LicenseOrigin =
  /** The key file of this instance. */
  | 'file'
  /** Options or variables: `license`, `LICENSE`, `LICENSE_PATH`. */
  | 'environment'
  /** A license-server, which was asked. */
  | 'reply'
  /** A license-server, which publishes. */
  | 'broadcast'
  /** The last broadcast, as the broker kept it in JetStream. */
  | 'retained';

/** A refusal worth showing: the last thing that was offered and not accepted. */
export interface RefusalNote {
  /** The code of the refusal, as {@link LicenseError.code}. */
  readonly code: string;
  /** What was expected, what was found and what to do. */
  readonly message: string;
  /** Where it came from. */
  readonly origin: LicenseOrigin;
  /** When it was refused, by the system clock. */
  readonly at: Date;
}

/**
 * A frozen picture of what an instance believes about its license, and why. `active` decides; everything else
 * explains. Safe to show to an operator: no key and no envelope is in it.
 */
export interface LicenseStatus {
  /** Is a license in force? True in the states `active` and `grace`. */
  readonly active: boolean;
  /** What is believed. */
  readonly state: LicenseState;
  /** Why. */
  readonly reason: LicenseReason;
  /** One sentence for people. */
  readonly message: string;
  /** The edition in effect: the license's while active, else the lowest of the ladder. */
  readonly edition: string;
  /** Features in effect; empty while not active. Has no prototype. */
  readonly features: Readonly<Record<string, FeatureValue>>;
  /** Limits in effect: the license's while active, else the app's community limits. -1 is unlimited. Has no prototype. */
  readonly limits: Readonly<Record<string, number>>;
  /** The license these answers come from, also when it has expired; null when there is none. */
  readonly license: {
    /** License id (`jti`). */
    readonly id: string;
    /** Of one issuer and product, the highest counts. */
    readonly serial: number;
    /** Product (`aud`). */
    readonly product: string;
    /** The name of the customer, or the id where it has none. */
    readonly customer: string;
    /** The vendor calls it a trial. Decides nothing. */
    readonly trial: boolean;
    /** The vendor says it is not for production. Decides nothing. */
    readonly nonProduction: boolean;
  } | null;
  /** When the license ends (the grace period, if any, begins). Null for perpetual, or without a license. */
  readonly expiresAt: Date | null;
  /** When enterprise stops, for a license with a grace period; else null. */
  readonly graceEndsAt: Date | null;
  /** Where {@link LicenseStatus.license} came from; null when there is none. */
  readonly source: LicenseOrigin | null;
  /** The license kept for later because it is not valid yet. */
  readonly next: {
    /** License id (`jti`). */
    readonly id: string;
    /** Of one issuer and product, the highest counts. */
    readonly serial: number;
  } | null;
  /** `fresh`: a server was heard in the last 15 minutes. Never decides anything. */
  readonly freshness: 'fresh' | 'stale';
  /** Server clock minus own clock at the last word heard, in milliseconds; null before any. */
  readonly clockOffsetMs: number | null;
  /** The system clock stands more than 10 minutes before the last vendor-signed time. */
  readonly clockRolledBack: boolean;
  /** True when the key file on disk holds what is in force. */
  readonly persisted: boolean;
  /** Why not, when not. */
  readonly persistError: string | null;
  /** The last thing that was offered and not accepted; null before any. */
  readonly lastRefusal: RefusalNote | null;
}
