import { createPrivateKey, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

import { LicenseError } from '../core/errors.js';
import { keyIdPattern, type SignatureAlgorithm } from '../protocol/compact.js';
import { thumbprint } from '../protocol/thumbprint.js';
import { assertVendorRsaKey, rsaThumbprint } from '../protocol/trusted-keys.js';

/** A vendor's signing key. Whoever holds it can issue licenses; it exists only where licenses are made. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: SignatureAlgorithm;
  readonly privateKey: KeyObject;
}

/** The public half of a signing key, as it goes into a JWK Set. */
export interface PublicJwk {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly alg: SignatureAlgorithm;
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/**
 * Makes a new RSA signing key with the exponent 65537.
 *
 * @param bits 2048 to 8192, default 3072
 * @throws {KEY_REFUSED} for other sizes
 */
export async function generateSigningKey(bits = 3072): Promise<SigningKey> {
  if (!Number.isInteger(bits) || bits < 2048 || bits > 8192) {
    throw new LicenseError('KEY_REFUSED', `expected 2048 to 8192 bits, found ${bits}`);
  }
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: bits,
    publicExponent: 65537,
  });
  return signingKey(privateKey);
}

/**
 * Reads a signing key from PEM.
 *
 * @param kid default: the RFC 7638 thumbprint
 * @throws {KEY_REFUSED} when it is not a private RSA key of 2048 to 8192 bits with the exponent 65537
 */
export function readSigningKey(pem: string, kid?: string, alg: SignatureAlgorithm = 'PS256'): SigningKey {
  if (!pem.includes('PRIVATE KEY-----')) {
    throw new LicenseError('KEY_REFUSED', 'expected a private key in PEM, found something else');
  }
  try {
    return signingKey(createPrivateKey(pem), kid, alg);
  } catch (error) {
    if (error instanceof LicenseError) throw error;
    throw new LicenseError('KEY_REFUSED', 'expected a private key in PEM, found one that cannot be read', {
      cause: error,
    });
  }
}

/** The PEM (PKCS #8) of a signing key. Keep it where only the issuer can read it. */
export function exportSigningKey(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** The public half, for `trustedKeys`, `LICENSE_PUBLIC_KEYS` and the license-server. */
export function publicJwk(key: SigningKey): PublicJwk {
  const { n = '', e = '' } = key.privateKey.export({ format: 'jwk' });
  return { kty: 'RSA', use: 'sig', alg: key.alg, kid: key.kid, n, e };
}

/** A new encryption key as one `kid:key` entry. @param kid default: the RFC 7638 thumbprint of the key */
export function generateEncryptionKey(kid?: string): string {
  if (kid !== undefined && !keyIdPattern.test(kid)) {
    throw new LicenseError(
      'KEY_REFUSED',
      `expected a key id of 1 to 64 letters, digits or . _ -, found "${kid}"`,
    );
  }
  const secret = randomBytes(32);
  const text = secret.toString('base64url');
  secret.fill(0);
  return `${kid ?? thumbprint({ k: text, kty: 'oct' })}:${text}`;
}

function signingKey(privateKey: KeyObject, kid?: string, alg: SignatureAlgorithm = 'PS256'): SigningKey {
  assertVendorRsaKey(privateKey);
  const id = kid ?? rsaThumbprint(privateKey);
  if (!keyIdPattern.test(id)) {
    throw new LicenseError(
      'KEY_REFUSED',
      `expected a key id of 1 to 64 letters, digits or . _ -, found "${id}"`,
    );
  }
  return Object.freeze({ kid: id, alg, privateKey });
}
