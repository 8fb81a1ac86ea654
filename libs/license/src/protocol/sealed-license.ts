import { LicenseError } from '../core/errors.js';
import { bounds } from './bounds.js';
import type { EncryptionKeyRing } from './encryption-keys.js';
import { open, seal, type SealRule } from './sealed-document.js';
import { parseStrictObject } from './strict-json.js';

/** What a license-server sends: the vendor's statements, untouched, and when it sent them. */
export interface LicenseEnvelope {
  /** When it was sealed, by the server's clock; serves freshness, never the license's dates. Milliseconds since 1970. */
  readonly sealedAtMs: number;
  /** The server's id, for people. */
  readonly server: string;
  /** The signed license, byte for byte, or null when the server has none: that changes nothing. */
  readonly license: string | null;
  /** The signed revocation list, byte for byte. */
  readonly revocation?: string;
}

/** What an instance keeps on disk: the vendor's statements, untouched, and its time floor. */
export interface KeyFileContent {
  /** The signed license in force, or null when only a revocation list or the floor is worth keeping. */
  readonly license: string | null;
  /** A signed license that is not valid yet. */
  readonly next?: string;
  /** The signed revocation list that is remembered. */
  readonly revocation?: string;
  /** The latest vendor-signed time seen. Milliseconds since 1970; whole seconds in the file. */
  readonly timeFloorMs: number;
}

const envelopeRule: SealRule = {
  typ: 'sealed-license+jwe',
  maxBytes: bounds.envelope,
  what: 'sealed license',
};
const keyFileRule: SealRule = { typ: 'license-store+jwe', maxBytes: bounds.keyFile, what: 'key file' };

/**
 * Seals an envelope under the first key of the ring. Every call gives another text.
 *
 * @throws {TOO_LARGE} when license and revocation list together do not fit into 48 KiB sealed
 */
export function sealLicense(envelope: LicenseEnvelope, keys: EncryptionKeyRing): string {
  const { sealedAtMs, server, license, revocation } = envelope;
  const content = { v: 1, iat: Math.floor(sealedAtMs / 1000), server, license, revocation };
  return seal(JSON.stringify(content), keys, envelopeRule);
}

/**
 * Opens an envelope. That it opens proves that someone of this deployment sealed it, and nothing more: what it
 * carries still has to be verified.
 *
 * @throws {TOO_LARGE | MALFORMED | HEADER_REFUSED | TYPE_REFUSED | ALGORITHM_REFUSED | KEY_UNKNOWN | SEAL_NOT_OPENED}
 *   as `open` does
 * @throws {VERSION_UNSUPPORTED} sealed by a later protocol
 */
export function openSealedLicense(sealed: string, keys: EncryptionKeyRing): LicenseEnvelope {
  const members = ['iat', 'license', 'revocation', 'server', 'v'];
  const { iat, server, license, revocation } = readContent(sealed, keys, envelopeRule, members).content;
  if (
    !isSeconds(iat) ||
    typeof server !== 'string' ||
    !(license === null || typeof license === 'string') ||
    !(revocation === undefined || typeof revocation === 'string')
  ) {
    throw new LicenseError(
      'MALFORMED',
      'sealed license: expected v, iat, server, license and maybe revocation',
    );
  }
  return { sealedAtMs: iat * 1000, server, license, ...(revocation === undefined ? {} : { revocation }) };
}

/**
 * Seals the content of a key file under the first key of the ring.
 *
 * @throws {TOO_LARGE} when it does not fit into 64 KiB sealed
 */
export function sealKeyFile(content: KeyFileContent, keys: EncryptionKeyRing): string {
  const { license, next, revocation, timeFloorMs } = content;
  const timeFloor = Math.floor(timeFloorMs / 1000);
  return seal(JSON.stringify({ v: 1, license, next, revocation, timeFloor }), keys, keyFileRule);
}

/**
 * Opens a key file, and says which key sealed it: another than the first one means that it is due to be sealed anew.
 *
 * @throws as {@link openSealedLicense}
 */
export function openKeyFile(
  sealed: string,
  keys: EncryptionKeyRing,
): {
  /** The key that sealed it. */
  readonly kid: string;
  /** What it holds, unverified. */
  readonly content: KeyFileContent;
} {
  const members = ['license', 'next', 'revocation', 'timeFloor', 'v'];
  const { kid, content } = readContent(sealed, keys, keyFileRule, members);
  const { license, next, revocation, timeFloor } = content;
  if (
    !isSeconds(timeFloor) ||
    !(license === null || typeof license === 'string') ||
    !(next === undefined || typeof next === 'string') ||
    !(revocation === undefined || typeof revocation === 'string')
  ) {
    throw new LicenseError(
      'MALFORMED',
      'key file: expected v, license, timeFloor and maybe next and revocation',
    );
  }
  return {
    kid,
    content: {
      license,
      timeFloorMs: timeFloor * 1000,
      ...(next === undefined ? {} : { next }),
      ...(revocation === undefined ? {} : { revocation }),
    },
  };
}

function readContent(
  sealed: string,
  keys: EncryptionKeyRing,
  rule: SealRule,
  members: readonly string[],
): { kid: string; content: Record<string, unknown> } {
  const { kid, plaintext } = open(sealed, keys, rule);
  try {
    const content = parseStrictObject(plaintext, rule.what);
    const { v } = content;
    if (typeof v === 'number' && v !== 1) {
      throw new LicenseError(
        'VERSION_UNSUPPORTED',
        `${rule.what}: expected version 1, found version ${v}: upgrade the library to read it`,
      );
    }
    if (v !== 1 || !Object.keys(content).every((name) => members.includes(name))) {
      throw new LicenseError('MALFORMED', `${rule.what}: expected exactly the members ${members.join(', ')}`);
    }
    return { kid, content };
  } finally {
    plaintext.fill(0);
  }
}

function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= bounds.lastSecond;
}
