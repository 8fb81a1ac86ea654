import { LicenseError } from '../core/errors.js';
import type { FeatureValue } from '../core/license.js';
import { bounds } from './bounds.js';
import { isObject } from './strict-json.js';

/** Media types of the vendor's two statements, without the `application/` (RFC 7515 4.1.9). */
export const licenseType = 'license+jwt';
export const revocationType = 'license-revocation+jwt';

/** The claims of a signed license as they stand in the document (protocol section 1). Times are seconds since 1970. */
export interface LicenseClaims {
  /** Version of the protocol. */
  readonly v: 1;
  /** Vendor. Text: not empty, at most 256 Unicode code points, as everywhere here. */
  readonly iss: string;
  /** Customer id. */
  readonly sub: string;
  /** The customer, for people. */
  readonly customer?: {
    /** Text. */
    readonly name: string;
  };
  /** Product. */
  readonly aud: string;
  /** License id; a revocation list names it. */
  readonly jti: string;
  /** 1 to 2^53 − 1. Of one `iss` and `aud`, the highest serial counts. */
  readonly serial: number;
  /** Issued at. Times are whole numbers, 0 to 253402300799. */
  readonly iat: number;
  /** Not valid before. Default: valid at once. */
  readonly nbf?: number;
  /** Hard end. Either this or `perpetual`, never both. */
  readonly exp?: number;
  /** It has no end. */
  readonly perpetual?: true;
  /** Soft end, at most `exp`: from here to `exp` is the grace period. */
  readonly license_expires?: number;
  /** A name of the app's edition ladder. */
  readonly edition: string;
  /** At most 512. A feature is licensed when its name is there, whatever the value. */
  readonly features: Readonly<Record<string, FeatureValue>>;
  /** At most 512 whole numbers, 0 or more; -1 is unlimited, and so is what is not named. */
  readonly limits: Readonly<Record<string, number>>;
  /** At most 512 ids of deployments it may run in; an empty list means none. Default: any. */
  readonly deployments?: readonly string[];
  /** Shown, decides nothing. Default false. */
  readonly trial?: boolean;
  /** Shown, decides nothing. Default false. */
  readonly non_production?: boolean;
}

/** The claims of a signed revocation list. */
export interface RevocationClaims {
  /** Version of the protocol. */
  readonly v: 1;
  /** Vendor. The list speaks about licenses of the same `iss` only. */
  readonly iss: string;
  /** Issued at, in seconds since 1970. */
  readonly iat: number;
  /** 1 to 2^53 − 1. A list replaces one of the same `iss` with a lower serial. */
  readonly serial: number;
  /** At most 512 ids (`jti`): all that are revoked. One that is missing is no longer. */
  readonly revoked: readonly string[];
}

/**
 * Asserts that `value` is the claims of a license, and names every bad field at once.
 *
 * @throws {VERSION_UNSUPPORTED} when `v` is another number: nothing else can be judged then
 * @throws {CLAIMS_INVALID} otherwise; `problems` holds one line per field
 */
export function assertLicenseClaims(
  value: Record<string, unknown>,
): asserts value is Record<string, unknown> & LicenseClaims {
  const check = new ClaimsCheck(value, 'license');
  for (const name of ['iss', 'sub', 'aud', 'jti', 'edition']) check.text(name);
  check.customer();
  check.integer('serial', 1, Number.MAX_SAFE_INTEGER);
  check.integer('iat', 0, bounds.lastSecond);
  check.optional('nbf', () => check.integer('nbf', 0, bounds.lastSecond));
  check.end();
  check.entries('features', isFeatureValue, 'true, a string or a number');
  check.entries('limits', isLimit, 'a whole number, 0 or more, or -1 for unlimited');
  check.optional('deployments', () => check.texts('deployments'));
  check.optional('trial', () => check.flag('trial'));
  check.optional('non_production', () => check.flag('non_production'));
  check.finish();
}

/**
 * Asserts that `value` is the claims of a revocation list.
 *
 * @throws {VERSION_UNSUPPORTED | CLAIMS_INVALID} as for a license
 */
export function assertRevocationClaims(
  value: Record<string, unknown>,
): asserts value is Record<string, unknown> & RevocationClaims {
  const check = new ClaimsCheck(value, 'revocation list');
  check.text('iss');
  check.integer('serial', 1, Number.MAX_SAFE_INTEGER);
  check.integer('iat', 0, bounds.lastSecond);
  check.texts('revoked');
  check.finish();
}

/** Collects what is wrong with a set of claims, one line per field. */
class ClaimsCheck {
  readonly #problems: string[] = [];

  constructor(
    private readonly claims: Record<string, unknown>,
    private readonly what: string,
  ) {
    const { v } = claims;
    if (typeof v === 'number' && v !== 1) {
      throw new LicenseError(
        'VERSION_UNSUPPORTED',
        `expected a ${what} of version 1, found version ${v}: upgrade the library to read it`,
      );
    }
    if (v !== 1) this.#expected('v', 'the number 1');
  }

  finish(): void {
    if (this.#problems.length === 0) return;
    throw new LicenseError('CLAIMS_INVALID', `${this.what} claims: ${this.#problems.join('; ')}`, {
      problems: this.#problems,
    });
  }

  optional(name: string, check: () => void): void {
    if (Object.hasOwn(this.claims, name)) check();
  }

  text(name: string): void {
    if (!isText(this.claims[name])) this.#expected(name, 'a non-empty string');
  }

  flag(name: string): void {
    if (typeof this.claims[name] !== 'boolean') this.#expected(name, 'true or false');
  }

  integer(name: string, min: number, max: number): void {
    const value = this.claims[name];
    if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
      this.#expected(name, `a whole number from ${min} to ${max}`);
    }
  }

  texts(name: string): void {
    const list = this.claims[name];
    if (!Array.isArray(list) || list.length > bounds.entries || !list.every(isText)) {
      this.#expected(name, `a list of at most ${bounds.entries} non-empty strings`);
    }
  }

  entries(name: string, fits: (value: unknown) => boolean, expected: string): void {
    const map = this.claims[name];
    if (!isObject(map)) return this.#expected(name, 'an object');
    const keys = Object.keys(map);
    if (keys.length > bounds.entries) this.#expected(name, `at most ${bounds.entries} entries`);
    for (const key of keys) {
      if (key === '') this.#expected(name, 'no empty name');
      else if (!fits(map[key])) this.#expected(`${name}.${key}`, expected);
    }
  }

  customer(): void {
    this.optional('customer', () => {
      const customer = this.claims['customer'];
      if (!isObject(customer) || !isText(customer['name']))
        this.#expected('customer', 'an object with a name');
    });
  }

  /** `exp`, `perpetual` and `license_expires` belong together. */
  end(): void {
    const { exp, perpetual, license_expires: softEnd } = this.claims;
    if (perpetual !== undefined && perpetual !== true) this.#expected('perpetual', 'true, or to be left out');
    if ((exp === undefined) === (perpetual === undefined)) {
      this.#expected('exp', 'either "exp" or "perpetual": true, and not both');
    }
    this.optional('exp', () => this.integer('exp', 0, bounds.lastSecond));
    this.optional('license_expires', () => {
      this.integer('license_expires', 0, bounds.lastSecond);
      if (exp === undefined || Number(softEnd) > Number(exp)) {
        this.#expected('license_expires', 'an "exp" that is not before it');
      }
    });
  }

  #expected(name: string, expected: string): void {
    this.#problems.push(`${name}: expected ${expected}`);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFeatureValue(value: unknown): boolean {
  return value === true || typeof value === 'string' || typeof value === 'number';
}

function isLimit(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= -1;
}
