import { createPrivateKey, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

import { LicenseError } from '../core/errors.js';
import { keyIdPattern, type SignatureAlgorithm } from '../protocol/compact.js';
import { thumbprint } from '../protocol/thumbprint.js';
import { assertVendorRsaKey, rsaThumbprint } from '../protocol/trusted-keys.js';

/** A vendor's signing key. Whoever holds it can issue licenses; it exists only where licenses are made. */
export interface SigningKey {
  /** Its id: 1 to 64 of `[A-Za-z0-9._-]`, by default the RFC 7638 thumbprint. */
  readonly kid: string;
  /** The one algorithm it signs with. */
  readonly alg: SignatureAlgorithm;
  /** The key itself: RSA, 2048 to 8192 bits. */
  readonly privateKey: KeyObject;
}

/** The public half of a signing key, as it goes into a JWK Set. */
export interface PublicJwk {
  /** Kind of key. */
  readonly kty: 'RSA';
  /** What it is for: signatures. */
  readonly use: 'sig';
  /** The one algorithm it verifies. */
  readonly alg: SignatureAlgorithm;
  /** Its id, as the signing key has it. */
  readonly kid: string;
  /** Modulus, base64url. */
  readonly n: string;
  /** Exponent, base64url: `AQAB`, which is 65537. */
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
 * Reads a signing key from PEM, unencrypted.
 *
 * @param pem PKCS #8 or PKCS #1
 * @param kid 1 to 64 of `[A-Za-z0-9._-]`; default: the RFC 7638 thumbprint
 * @param alg default PS256
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

/**
 * A new encryption key of 32 random bytes, as one `kid:key` entry of `LICENSE_ENCRYPTION_KEYS`. It is a secret.
 *
 * @param kid 1 to 64 of `[A-Za-z0-9._-]`; default: the RFC 7638 thumbprint of the key
 * @throws {KEY_REFUSED} for another id
 */
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
