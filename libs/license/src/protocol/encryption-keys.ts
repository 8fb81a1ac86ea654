import { createSecretKey, type KeyObject } from 'node:crypto';

import { LicenseError } from '../core/errors.js';
import { keyIdPattern } from './compact.js';
import { isObject, parseStrictJson } from './strict-json.js';
import { thumbprint } from './thumbprint.js';

const keyBytes = 32;

/** One AES-256 key of a deployment. */
export interface EncryptionKey {
  /** Its id: 1 to 64 of `[A-Za-z0-9._-]`; where none was given, the RFC 7638 thumbprint. */
  readonly kid: string;
  /** The key itself, 256 bits. */
  readonly key: KeyObject;
}

/**
 * The encryption keys of a deployment: the first seals, all open. A key is found under its own id and under
 * its RFC 7638 thumbprint, so two sides that name one key differently understand each other.
 */
export class EncryptionKeyRing {
  #first: EncryptionKey;
  #kids: readonly string[];
  #byKid = new Map<string, KeyObject>();

  /**
   * @param entries the first seals; `secret` has 32 bytes and is wiped; `kid` null takes the thumbprint
   * @throws {KEY_REFUSED} none, a weak one, or one that occurs twice
   */
  constructor(entries: readonly { readonly kid: string | null; readonly secret: Buffer }[]) {
    const keys = entries.map(({ kid, secret }, index) => this.#add(kid, secret, index + 1));
    const [first] = keys;
    if (first === undefined) throw new LicenseError('KEY_REFUSED', 'expected at least one encryption key');
    this.#first = first;
    this.#kids = Object.freeze(keys.map((key) => key.kid));
  }

  /** The key that seals. */
  get first(): EncryptionKey {
    return this.#first;
  }

  /** The ids of all keys, in order. */
  get kids(): readonly string[] {
    return this.#kids;
  }

  /** The key of that id or thumbprint. */
  find(kid: string): KeyObject | undefined {
    return this.#byKid.get(kid);
  }

  /** Becomes a copy of `other`, all at once: a rotation, while whoever holds this ring goes on. */
  replaceWith(other: EncryptionKeyRing): void {
    this.#first = other.#first;
    this.#kids = other.#kids;
    this.#byKid = other.#byKid;
  }

  #add(givenKid: string | null, secret: Buffer, position: number): EncryptionKey {
    assertStrongKey(secret, position);
    const print = thumbprint({ k: secret.toString('base64url'), kty: 'oct' });
    const kid = givenKid ?? print;
    const key = createSecretKey(secret);
    secret.fill(0);
    for (const name of new Set([kid, print])) {
      if (this.#byKid.has(name)) {
        throw new LicenseError(
          'KEY_REFUSED',
          `encryption key ${position}: the same key or id stands before it: give each key once, each its own id`,
        );
      }
      this.#byKid.set(name, key);
    }
    return { kid, key };
  }
}

/**
 * Reads `kid:key,kid:key`, one bare key, or a JWK Set (`kty: oct`). A key is 32 bytes in base64url, base64 or
 * hex; entries are separated by commas or white space. A bare key's id is its RFC 7638 thumbprint.
 *
 * @throws {KEY_REFUSED} naming the entry's position and the reason: wrong length, all bytes equal, a pass phrase,
 *   a duplicate, an id outside `[A-Za-z0-9._-]{1,64}`. Never the value, nor the id: in `key:kid` that is the value.
 * @throws {MALFORMED} when it starts like a JWK Set and is not strict JSON
 */
export function parseEncryptionKeys(text: string): EncryptionKeyRing {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return new EncryptionKeyRing(entriesOfJwkSet(trimmed));
  const entries = trimmed.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.length > 1 && entries.some((entry) => !entry.includes(':'))) {
    throw new LicenseError(
      'KEY_REFUSED',
      'expected kid:key for each of several keys, found one without an id',
    );
  }
  return new EncryptionKeyRing(
    entries.map((entry, index) => {
      const colon = entry.indexOf(':');
      const kid = colon === -1 ? null : assertKeyId(entry.slice(0, colon));
      return { kid, secret: decodeSecret(entry.slice(colon + 1), index + 1) };
    }),
  );
}

function entriesOfJwkSet(text: string): { kid: string | null; secret: Buffer }[] {
  const set = parseStrictJson(Buffer.from(text), 'encryption keys');
  const keys = isObject(set) ? (Array.isArray(set['keys']) ? (set['keys'] as unknown[]) : [set]) : [];
  return keys.map((jwk, index) => {
    if (!isObject(jwk) || jwk['kty'] !== 'oct' || typeof jwk['k'] !== 'string') {
      throw new LicenseError(
        'KEY_REFUSED',
        `encryption key ${index + 1}: expected a JWK with "kty": "oct" and "k"`,
      );
    }
    const kid = jwk['kid'] === undefined ? null : assertKeyId(jwk['kid']);
    return { kid, secret: decodeSecret(jwk['k'], index + 1) };
  });
}

function assertKeyId(kid: unknown): string {
  if (typeof kid !== 'string' || !keyIdPattern.test(kid)) {
    throw new LicenseError('KEY_REFUSED', 'expected key ids of 1 to 64 letters, digits or . _ -');
  }
  return kid;
}

function decodeSecret(text: string, position: number): Buffer {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return Buffer.from(text, 'hex');
  const unpadded = text.replace(/=$/, '');
  const bytes = Buffer.from(unpadded, 'base64url'); // Node reads both alphabets here
  const canonical =
    bytes.toString('base64url') === unpadded || bytes.toString('base64').replace(/=+$/, '') === unpadded;
  if (canonical && bytes.length === keyBytes) return bytes;
  const found =
    text.length === keyBytes && /^[\x20-\x7e]+$/.test(text)
      ? '32 printable characters, which is a pass phrase'
      : canonical
        ? `${bytes.length} bytes`
        : `${text.length} characters that are none of these`;
  throw new LicenseError(
    'KEY_REFUSED',
    `encryption key ${position}: expected 32 bytes as base64url, base64 or hex, found ${found}; make one with "latchkey encryption-key"`,
  );
}

function assertStrongKey(secret: Buffer, position: number): void {
  const problem =
    secret.length !== keyBytes
      ? `found ${secret.length} bytes`
      : secret.every((byte) => byte === secret[0])
        ? 'found 32 equal bytes'
        : secret.every((byte) => byte >= 0x20 && byte <= 0x7e)
          ? 'found 32 printable characters, which is a pass phrase'
          : null;
  if (problem !== null) {
    throw new LicenseError(
      'KEY_REFUSED',
      `encryption key ${position}: expected 32 random bytes, ${problem}; make one with "latchkey encryption-key"`,
    );
  }
}
