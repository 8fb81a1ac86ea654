import { constants, verify } from 'node:crypto';

import { LicenseError } from '../core/errors.js';
import type { License } from '../core/license.js';
import { frozenRecord } from '../core/records.js';
import { bounds } from './bounds.js';
import {
  assertLicenseClaims,
  assertRevocationClaims,
  licenseType,
  revocationType,
  type LicenseClaims,
  type RevocationClaims,
} from './claims.js';
import { decodePart, readHeader, splitCompact, type SignatureAlgorithm } from './compact.js';
import { parseStrictObject } from './strict-json.js';
import type { TrustedKey, TrustedKeyRing } from './trusted-keys.js';

/** A license whose signature was verified, with the exact text that was signed. */
export interface SignedLicense {
  /** The compact JWS, byte for byte as the vendor signed it. */
  readonly jws: string;
  /** The vendor key that signed it. */
  readonly kid: string;
  /** What it says. */
  readonly license: License;
}

/** A verified revocation list, with the exact text that was signed. */
export interface SignedRevocation {
  /** The compact JWS, byte for byte as the vendor signed it. */
  readonly jws: string;
  /** The vendor key that signed it. */
  readonly kid: string;
  /** Vendor (`iss`): the list speaks about its licenses only. */
  readonly issuer: string;
  /** Of one issuer, the list with the highest serial counts. */
  readonly serial: number;
  /** When the vendor signed it, in milliseconds since 1970. */
  readonly issuedAtMs: number;
  /** Ids (`jti`) of the licenses that are taken back. */
  readonly revoked: ReadonlySet<string>;
}

/** Parameters of the two signature algorithms (RFC 7518 3.3 and 3.5). */
export const signatureParameters = Object.freeze({
  // Without an explicit salt length, node:crypto accepts signatures that PS256 forbids.
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  RS256: { padding: constants.RSA_PKCS1_PADDING },
} satisfies Record<SignatureAlgorithm, object>);

/**
 * Verifies a signed license: form, signature, claims. Not whether it counts here and now: product, deployment,
 * dates, serial and revocation are `trust`'s to judge.
 *
 * @param jws the compact JWS of the license
 * @throws {TOO_LARGE | MALFORMED | HEADER_REFUSED | TYPE_REFUSED | ALGORITHM_REFUSED} not a signed license at all
 * @throws {KEY_UNKNOWN} signed under a key id that is not trusted here
 * @throws {SIGNATURE_INVALID} not what that key signed
 * @throws {VERSION_UNSUPPORTED | CLAIMS_INVALID} signed, but not by this protocol
 * @throws {KEY_NOT_IN_SERVICE} issued before or after the time in which that key may sign
 */
export function verifySignedLicense(jws: string, keys: TrustedKeyRing): SignedLicense {
  const { key, claims } = verifyDocument(jws, licenseType, keys, 'license');
  assertLicenseClaims(claims);
  assertKeyInService(key, claims.iat, 'license');
  return Object.freeze({ jws, kid: key.kid, license: toLicense(claims) });
}

/**
 * Verifies a signed revocation list.
 *
 * @throws as {@link verifySignedLicense}
 */
export function verifySignedRevocation(jws: string, keys: TrustedKeyRing): SignedRevocation {
  const { key, claims } = verifyDocument(jws, revocationType, keys, 'revocation list');
  assertRevocationClaims(claims);
  assertKeyInService(key, claims.iat, 'revocation list');
  return Object.freeze({ jws, kid: key.kid, ...toRevocation(claims) });
}

/**
 * Reads a license without checking its signature: for people who look at a file, never for a decision.
 *
 * @throws as {@link verifySignedLicense}, except for the key and the signature
 */
export function readUnverifiedLicense(jws: string): {
  /** The key its header names. */
  kid: string;
  /** The algorithm its header names. */
  alg: string;
  /** What it says. Nobody vouches for it. */
  license: License;
} {
  const { header, payload } = splitDocument(jws, licenseType, 'license');
  const claims = parseStrictObject(payload, 'license', bounds.stringLength);
  assertLicenseClaims(claims);
  return { ...header, license: toLicense(claims) };
}

/**
 * Reads a revocation list without checking its signature, as {@link readUnverifiedLicense} reads a license.
 *
 * @throws as {@link verifySignedRevocation}, except for the key and the signature
 */
export function readUnverifiedRevocation(jws: string): Omit<SignedRevocation, 'jws'> & {
  /** The algorithm its header names. */
  readonly alg: string;
} {
  const { header, payload } = splitDocument(jws, revocationType, 'revocation list');
  const claims = parseStrictObject(payload, 'revocation list', bounds.stringLength);
  assertRevocationClaims(claims);
  return { ...header, ...toRevocation(claims) };
}

function splitDocument(jws: string, typ: string, what: string) {
  const [headerPart = '', payloadPart = '', signaturePart = ''] = splitCompact(jws, 3, bounds.license, what);
  const payload = decodePart(payloadPart, what);
  const signature = decodePart(signaturePart, what);
  const header = readHeader(headerPart, { typ, alg: Object.keys(signatureParameters) }, what);
  return { header, payload, signature, signed: `${headerPart}.${payloadPart}` };
}

function verifyDocument(
  jws: string,
  typ: string,
  keys: TrustedKeyRing,
  what: string,
): { key: TrustedKey; claims: Record<string, unknown> } {
  const { header, payload, signature, signed } = splitDocument(jws, typ, what);
  const trusted = keys.find(header.kid);
  if (trusted === undefined) {
    throw new LicenseError(
      'KEY_UNKNOWN',
      `${what}: signed with the key ${header.kid}, which is not trusted here (trusted: ${keys.kids.join(', ')})`,
    );
  }
  // Attack: with both algorithms allowed, a token of one verifies under a key meant for the other.
  if (trusted.alg !== header.alg) {
    throw new LicenseError(
      'ALGORITHM_REFUSED',
      `${what}: expected ${trusted.alg}, which the key ${trusted.kid} is for, found ${header.alg}`,
    );
  }
  const parameters = { key: trusted.key, ...signatureParameters[trusted.alg] };
  // Attack: OpenSSL takes a PSS signature without its leading zeros, a second spelling of the same license (RFC 8017 8.1.2).
  const isWhole = signature.length === Math.ceil((trusted.key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (!isWhole || !verify('sha256', Buffer.from(signed, 'ascii'), parameters, signature)) {
    throw new LicenseError(
      'SIGNATURE_INVALID',
      `${what}: the signature does not belong to this text and the key ${trusted.kid}: use the file exactly as the vendor sent it`,
    );
  }
  return { key: trusted, claims: parseStrictObject(payload, what, bounds.stringLength) };
}

/** A retired key still vouches for what it signed in its time. It says when that was; a leaked key is removed instead. */
function assertKeyInService(key: TrustedKey, iat: number, what: string): void {
  if (iat * 1000 >= key.notBeforeMs && iat * 1000 < key.retiredAtMs) return;
  throw new LicenseError(
    'KEY_NOT_IN_SERVICE',
    `${what}: issued ${iat * 1000 < key.notBeforeMs ? 'before' : 'after'} the time in which the key ${key.kid} may sign: the vendor has to sign it with the present key`,
  );
}

const secondsToMs = (seconds: number | undefined, otherwise: number): number =>
  seconds === undefined ? otherwise : seconds * 1000;

function toLicense(claims: LicenseClaims): License {
  const hardEndMs = secondsToMs(claims.exp, Infinity);
  return Object.freeze({
    id: claims.jti,
    issuer: claims.iss,
    product: claims.aud,
    customer: Object.freeze({ id: claims.sub, name: claims.customer?.name ?? null }),
    serial: claims.serial,
    issuedAtMs: claims.iat * 1000,
    notBeforeMs: secondsToMs(claims.nbf, -Infinity),
    softEndMs: secondsToMs(claims.license_expires, hardEndMs),
    hardEndMs,
    edition: claims.edition,
    features: frozenRecord(claims.features),
    limits: frozenRecord(claims.limits),
    deployments: claims.deployments === undefined ? null : Object.freeze([...claims.deployments]),
    trial: claims.trial ?? false,
    nonProduction: claims.non_production ?? false,
  });
}

function toRevocation(claims: RevocationClaims) {
  return {
    issuer: claims.iss,
    serial: claims.serial,
    issuedAtMs: claims.iat * 1000,
    revoked: new Set(claims.revoked),
  };
}
