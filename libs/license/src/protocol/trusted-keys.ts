import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

import { LicenseError } from '../core/errors.js';
import { keyIdPattern, type SignatureAlgorithm } from './compact.js';
import { isObject, parseStrictJson } from './strict-json.js';
import { thumbprint } from './thumbprint.js';

/** A vendor's public key: who signs with it is believed. */
export interface TrustedKey {
  /** Its id: 1 to 64 of `[A-Za-z0-9._-]`. */
  readonly kid: string;
  /** The one algorithm this key verifies. */
  readonly alg: SignatureAlgorithm;
  /** The key itself: RSA, 2048 to 8192 bits. */
  readonly key: KeyObject;
  /** Documents issued (`iat`) before this are refused; -Infinity when the JWK has no `nbf`. Milliseconds since 1970. */
  readonly notBeforeMs: number;
  /** Retired: documents issued from then on are refused, older ones stand. Infinity when the JWK has no `exp`. */
  readonly retiredAtMs: number;
}

/** A public JWK, or a JWK Set, as `JSON.parse` gives it. Members are checked when the ring is made. */
export type JsonWebKeyInput = Readonly<Record<string, unknown>>;

/** What {@link TrustedKeyRing.from} takes: PEM text (one or more), JWK Set text, a JWK or JWK Set, or a list of these. */
export type TrustedKeyInput = string | JsonWebKeyInput | readonly (string | JsonWebKeyInput)[];

/** The vendor keys an instance or server trusts, by key id. */
export class TrustedKeyRing {
  /** The ids of all keys, in order. */
  readonly kids: readonly string[];
  readonly #byKid = new Map<string, TrustedKey>();

  private constructor(keys: readonly TrustedKey[]) {
    const thumbprints = new Set<string>();
    for (const key of keys) {
      const print = rsaThumbprint(key.key);
      // Attack: one key under two ids could be given two algorithms, and the token would choose.
      if (this.#byKid.has(key.kid) || thumbprints.has(print)) {
        throw new LicenseError(
          'KEY_REFUSED',
          `public key ${key.kid} occurs twice: give each key once, each its own id`,
        );
      }
      this.#byKid.set(key.kid, Object.freeze(key));
      thumbprints.add(print);
    }
    if (keys.length === 0) throw new LicenseError('KEY_REFUSED', 'expected at least one public key');
    this.kids = Object.freeze([...this.#byKid.keys()]);
  }

  /**
   * Reads public RSA keys of 2048 to 8192 bits with the exponent 65537. The key id defaults to the RFC 7638
   * thumbprint, the algorithm to PS256.
   *
   * @throws {KEY_REFUSED} saying what was found instead: a private key, another kind of key, a certificate, a
   *   key too small, an algorithm not allowed, a duplicate
   * @throws {MALFORMED} for text that starts like a JWK Set and is not strict JSON
   */
  static from(input: TrustedKeyInput): TrustedKeyRing {
    const inputs = Array.isArray(input) ? (input as readonly (string | JsonWebKeyInput)[]) : [input];
    return new TrustedKeyRing(inputs.flatMap((one) => keysOf(one as string | JsonWebKeyInput)));
  }

  /** The key of that id. */
  find(kid: string): TrustedKey | undefined {
    return this.#byKid.get(kid);
  }
}

function keysOf(input: string | JsonWebKeyInput): TrustedKey[] {
  if (typeof input !== 'string') return keysOfJwks(input);
  const text = input.trim();
  if (text.startsWith('{')) return keysOfJwks(parseStrictJson(Buffer.from(text), 'public keys'));
  if (text.includes('PRIVATE KEY-----')) throw privateKeyRefused();
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g)];
  const begun = text.split('-----BEGIN ').length - 1;
  if (begun === 0) {
    throw new LicenseError('KEY_REFUSED', 'public keys: expected PEM or a JWK Set, found neither');
  }
  if (blocks.length !== begun) {
    throw new LicenseError(
      'KEY_REFUSED',
      'public keys: expected whole PEM blocks, found one that is cut off',
    );
  }
  return blocks.map(([pem, label = '']) => {
    if (label !== 'PUBLIC KEY' && label !== 'RSA PUBLIC KEY') {
      throw new LicenseError('KEY_REFUSED', `expected a PEM block "PUBLIC KEY", found "${label}"`);
    }
    return trustedKey(
      readKey(() => createPublicKey(pem)),
      {},
    );
  });
}

function keysOfJwks(value: unknown): TrustedKey[] {
  const jwks = isObject(value) ? (Array.isArray(value['keys']) ? (value['keys'] as unknown[]) : [value]) : [];
  return jwks.map((jwk) => {
    if (!isObject(jwk)) throw new LicenseError('KEY_REFUSED', 'public keys: expected a JWK Set');
    if ('d' in jwk || 'p' in jwk || 'k' in jwk) throw privateKeyRefused();
    if (jwk['kty'] !== 'RSA') {
      throw new LicenseError('KEY_REFUSED', `expected an RSA key, found "kty": ${quoted(jwk['kty'])}`);
    }
    return trustedKey(
      readKey(() => createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })),
      jwk,
    );
  });
}

function privateKeyRefused(): LicenseError {
  return new LicenseError(
    'KEY_REFUSED',
    'expected a public key, found a private one: treat it as leaked if it was ever deployed, and use the public key instead',
  );
}

function readKey(read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw new LicenseError('KEY_REFUSED', 'expected a public key, found one that cannot be read', { cause });
  }
}

function trustedKey(key: KeyObject, stated: Readonly<Record<string, unknown>>): TrustedKey {
  assertVendorRsaKey(key);
  const { alg = 'PS256', use = 'sig', kid = rsaThumbprint(key) } = stated;
  if (alg !== 'PS256' && alg !== 'RS256') {
    throw new LicenseError('KEY_REFUSED', `expected "alg" PS256 or RS256, found ${quoted(alg)}`);
  }
  if (use !== 'sig') throw new LicenseError('KEY_REFUSED', `expected "use": "sig", found ${quoted(use)}`);
  if (typeof kid !== 'string' || !keyIdPattern.test(kid)) {
    throw new LicenseError('KEY_REFUSED', 'expected key ids of 1 to 64 letters, digits or . _ -');
  }
  const notBeforeMs = secondsToMs(stated['nbf'], 'nbf') ?? -Infinity;
  const retiredAtMs = secondsToMs(stated['exp'], 'exp') ?? Infinity;
  return { kid, alg, key, notBeforeMs, retiredAtMs };
}

/** A short word as it stands; anything else may be of any length, and be what no message should repeat. */
function quoted(value: unknown): string {
  return typeof value === 'string' && value.length <= 16 ? JSON.stringify(value) : 'something else';
}

/** As {@link quoted}: an exponent may have thousands of digits. */
function shortly(exponent: bigint | undefined): string {
  return exponent !== undefined && exponent <= 0xffff_ffff_ffffn ? String(exponent) : 'a larger one';
}

function secondsToMs(seconds: unknown, member: string): number | undefined {
  if (seconds === undefined) return undefined;
  if (!Number.isSafeInteger(seconds) || (seconds as number) < 0) {
    throw new LicenseError('KEY_REFUSED', `expected "${member}" in whole seconds since 1970`);
  }
  return (seconds as number) * 1000;
}

/**
 * Refuses every key that is not RSA with 2048 to 8192 bits and the public exponent 65537 (with 1 as the
 * exponent, every signature is valid).
 *
 * @throws {KEY_REFUSED} otherwise
 */
export function assertVendorRsaKey(key: KeyObject): void {
  if (key.asymmetricKeyType !== 'rsa') {
    throw new LicenseError('KEY_REFUSED', `expected an RSA key, found ${key.asymmetricKeyType ?? key.type}`);
  }
  const { modulusLength = 0, publicExponent } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < 2048 || modulusLength > 8192) {
    throw new LicenseError('KEY_REFUSED', `expected an RSA key of 2048 to 8192 bits, found ${modulusLength}`);
  }
  if (publicExponent !== 65537n) {
    throw new LicenseError(
      'KEY_REFUSED',
      `expected the public exponent 65537, found ${shortly(publicExponent)}`,
    );
  }
}

/** The RFC 7638 thumbprint of an RSA key, public or private. */
export function rsaThumbprint(key: KeyObject): string {
  const { e = '', n = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return thumbprint({ e, kty: 'RSA', n });
}
