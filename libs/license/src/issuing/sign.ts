import { sign } from 'node:crypto';

import { LicenseError } from '../core/errors.js';
import { bounds } from '../protocol/bounds.js';
import {
  assertLicenseClaims,
  assertRevocationClaims,
  licenseType,
  revocationType,
  type LicenseClaims,
  type RevocationClaims,
} from '../protocol/claims.js';
import { encodePart } from '../protocol/compact.js';
import { signatureParameters } from '../protocol/signed-license.js';
import { parseStrictObject } from '../protocol/strict-json.js';
import type { SigningKey } from './keys.js';

/**
 * Signs a license. What this returns, every reader of this protocol version accepts: the claims are checked by
 * the reader's own rules first.
 *
 * @returns the compact JWS; `formatLicenseText` makes the file of it
 * @throws {VERSION_UNSUPPORTED | CLAIMS_INVALID | MALFORMED | TOO_LARGE} when a reader would refuse it
 */
export function signLicense(claims: LicenseClaims, key: SigningKey): string {
  return signDocument(claims, licenseType, key, 'license', assertLicenseClaims);
}

/**
 * Signs a revocation list.
 *
 * @throws as {@link signLicense}
 */
export function signRevocation(claims: RevocationClaims, key: SigningKey): string {
  return signDocument(claims, revocationType, key, 'revocation list', assertRevocationClaims);
}

function signDocument(
  claims: object,
  typ: string,
  key: SigningKey,
  what: string,
  assertClaims: (value: Record<string, unknown>) => void,
): string {
  const payload = JSON.stringify(claims);
  assertClaims(parseStrictObject(Buffer.from(payload), what, bounds.stringLength));
  const header = JSON.stringify({ alg: key.alg, kid: key.kid, typ });
  const signed = `${encodePart(header)}.${encodePart(payload)}`;
  const parameters = { key: key.privateKey, ...signatureParameters[key.alg] };
  const jws = `${signed}.${encodePart(sign('sha256', Buffer.from(signed, 'ascii'), parameters))}`;
  if (jws.length > bounds.license) {
    throw new LicenseError(
      'TOO_LARGE',
      `${what}: expected at most ${bounds.license} bytes, found ${jws.length}`,
    );
  }
  return jws;
}
