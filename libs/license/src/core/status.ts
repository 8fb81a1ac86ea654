import type { FeatureValue } from './license.js';

/**
 * What this instance believes. Only `active` and `grace` are licensed; everything else runs as the lowest
 * edition, and the state says why.
 */
export type LicenseState = (typeof licenseStates)[number];

/** Every state there is. */
export const licenseStates = Object.freeze([
  'pending',
  'active',
  'grace',
  'expired',
  'absent',
  'invalid',
  'revoked',
] as const);

/** The finer answer to "why": a stable word for programs, also sent in refusals. */
export type LicenseReason =
  | 'licensed'
  | 'grace'
  | 'pending'
  | 'not-configured'
  | 'absent'
  | 'expired'
  | 'revoked'
  | 'not-yet-valid'
  | 'wrong-product'
  | 'wrong-deployment'
  | 'unknown-edition'
  | 'misconfigured'
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
export type LicenseOrigin = 'file' | 'environment' | 'reply' | 'broadcast' | 'retained';

/** A refusal worth showing: the last thing that was offered and not accepted. */
export interface RefusalNote {
  readonly code: string;
  readonly message: string;
  readonly origin: LicenseOrigin;
  readonly at: Date;
}

/**
 * A frozen picture of what an instance believes about its license, and why. `active` decides; everything else
 * explains. Safe to show to an operator: no key and no envelope is in it.
 */
export interface LicenseStatus {
  readonly active: boolean;
  readonly state: LicenseState;
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
    readonly id: string;
    readonly serial: number;
    readonly product: string;
    readonly customer: string;
    readonly trial: boolean;
    readonly nonProduction: boolean;
  } | null;
  /** When the license ends (the grace period, if any, begins). Null for perpetual, or without a license. */
  readonly expiresAt: Date | null;
  /** When enterprise stops, for a license with a grace period; else null. */
  readonly graceEndsAt: Date | null;
  readonly source: LicenseOrigin | null;
  /** The license kept for later because it is not valid yet. */
  readonly next: { readonly id: string; readonly serial: number } | null;
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
  readonly lastRefusal: RefusalNote | null;
}
