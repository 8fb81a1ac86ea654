// Fresh keys for one run of the generator. The private halves live in this process and nowhere else.
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';

/**
 * @typedef {object} VendorKey
 * @property {string} kid
 * @property {import('node:crypto').KeyObject} privateKey
 * @property {object} jwk the public half, as it stands in a `trustedKeys`
 */

/** An RSA key; its JWK names neither algorithm nor key id when `named` is false. @returns {VendorKey} */
function vendorKey(kid, alg, { bits = 2048, named = true } = {}) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const { n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  const jwk = named ? { kty: 'RSA', use: 'sig', alg, kid, n, e } : { kty: 'RSA', n, e };
  return { kid: named ? kid : thumbprint(jwk), privateKey, jwk };
}

/** The RFC 7638 thumbprint of an RSA key. */
export function thumbprint({ e, kty, n }) {
  return createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
}

/** Everybody who signs in the vectors. */
export function freshVendors() {
  const present = vendorKey('vendor-2026', 'PS256');
  const rs256 = vendorKey('vendor-rs256', 'RS256');
  const unnamed = vendorKey(null, 'PS256', { bits: 3072, named: false });
  return {
    /** Signs with PS256, as vendors do. */
    present,
    /** Trusted for RS256, because its JWK says so. */
    rs256,
    /** RSA 3072; its key id is its thumbprint and its algorithm the default. */
    unnamed,
    /** Nobody trusts this one. */
    stranger: vendorKey('stranger', 'PS256'),
    /** What readers trust. */
    trustedKeys: { keys: [present.jwk, rs256.jwk, unnamed.jwk] },
  };
}
