import { randomUUID } from 'node:crypto';

import type { FeatureValue } from '@latchkey/license/protocol';

import type { RawClaims } from './claims-file.js';
import { UsageError } from './failure.js';

/** Used when neither an option nor the claims file names the vendor. */
export const defaultIssuer = 'vendor';

/** The options of `latchkey issue` that become claims. Times are milliseconds since 1970. */
export interface ClaimOptions {
  readonly issuer?: string;
  readonly customer?: string;
  readonly customerName?: string;
  readonly product?: string;
  readonly edition?: string;
  readonly id?: string;
  readonly serial?: number;
  readonly notBefore?: number;
  readonly expires?: number;
  /** Seconds. */
  readonly grace?: number;
  readonly perpetual?: true;
  readonly feature?: ReadonlyMap<string, FeatureValue>;
  readonly limit?: ReadonlyMap<string, number>;
  readonly deployment?: readonly string[];
  readonly trial?: true;
  readonly nonProduction?: true;
}

/**
 * Claims for a new license: those of the file, options over them, and what is missing filled in. Everything but
 * the serial, which needs the license that came before.
 *
 * @throws {UsageError} when options are missing, or do not go together
 */
export function composeClaims(file: RawClaims, options: ClaimOptions, nowMs: number): RawClaims {
  const claims = {
    v: 1,
    iss: defaultIssuer,
    jti: randomUUID(),
    iat: toSeconds(nowMs),
    ...withoutEnd(file, options),
    ...given({
      iss: options.issuer,
      sub: options.customer,
      customer: options.customerName === undefined ? undefined : { name: options.customerName },
      aud: options.product,
      edition: options.edition,
      jti: options.id,
      nbf: options.notBefore === undefined ? undefined : toSeconds(options.notBefore),
      deployments: options.deployment,
      trial: options.trial,
      non_production: options.nonProduction,
    }),
    ...endOf(options),
    features: merged(file['features'], options.feature),
    limits: merged(file['limits'], options.limit),
  };
  assertComplete(claims);
  assertStartsBeforeItsEnd(claims);
  return claims;
}

/** The end that the options give; empty when they give none. */
function endOf({ expires, grace, perpetual }: ClaimOptions): RawClaims {
  if (expires !== undefined && perpetual) throw new UsageError('give --expires or --perpetual, not both');
  if (grace !== undefined && expires === undefined) throw new UsageError('--grace needs --expires');
  if (perpetual) return { perpetual };
  if (expires === undefined) return {};
  const end = toSeconds(expires);
  return grace === undefined ? { exp: end } : { exp: end + grace, license_expires: end };
}

/** The claims of the file, less those an end given as an option replaces. */
function withoutEnd(file: RawClaims, options: ClaimOptions): RawClaims {
  if (options.expires === undefined && !options.perpetual) return file;
  const { exp: _exp, perpetual: _perpetual, license_expires: _softEnd, ...rest } = file;
  return rest;
}

/** Entries of the file with those of the options over them; what is not an object is left for the check of claims. */
function merged(fromFile: unknown, fromOptions: ReadonlyMap<string, unknown> = new Map()): unknown {
  if (fromFile === undefined) return Object.fromEntries(fromOptions);
  if (typeof fromFile !== 'object' || fromFile === null || Array.isArray(fromFile)) return fromFile;
  return { ...fromFile, ...Object.fromEntries(fromOptions) };
}

function assertComplete(claims: RawClaims): void {
  const missing = [
    ...(claims['sub'] === undefined ? ['--customer'] : []),
    ...(claims['aud'] === undefined ? ['--product'] : []),
    ...(claims['edition'] === undefined ? ['--edition'] : []),
    ...(claims['exp'] === undefined && claims['perpetual'] === undefined ? ['--expires or --perpetual'] : []),
  ];
  if (missing.length > 0)
    throw new UsageError(`missing: ${missing.join(', ')} (or a claims file that has it)`);
}

function assertStartsBeforeItsEnd({ nbf, exp }: RawClaims): void {
  if (typeof nbf === 'number' && typeof exp === 'number' && nbf >= exp) {
    throw new UsageError('the license would end before it starts: compare --not-before with --expires');
  }
}

function given(claims: RawClaims): RawClaims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
