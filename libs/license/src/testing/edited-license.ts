import type { LicenseClaims } from '../protocol/claims.js';
import { encodePart } from '../protocol/compact.js';

/**
 * A license with claims that somebody without the vendor's key changed: everything about it is right, except that
 * the signature is still that of the claims before.
 *
 * @param license a compact JWS
 */
export function editedLicense(license: string, changes: Partial<LicenseClaims>): string {
  const [header = '', payload = '', signature = ''] = license.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as LicenseClaims;
  return `${header}.${encodePart(JSON.stringify({ ...claims, ...changes }))}.${signature}`;
}
