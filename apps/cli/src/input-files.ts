import { readSigningKey, type SigningKey } from '@latchkey/license/issuing';
import {
  LicenseError,
  parseEncryptionKeys,
  parseLicenseText,
  readTextFile,
  TrustedKeyRing,
  verifySignedRevocation,
  type EncryptionKeyRing,
  type SignedRevocation,
} from '@latchkey/license/protocol';

import type { CliIo } from './io.js';

/**
 * Reads a file the user named: regular, 1 byte to 1 MiB. A warning goes to `io.err` when everybody may change it.
 *
 * @param what what the file is, for messages
 * @param parse may throw a `LicenseError`; the name of the file is put in front of its message
 * @throws {FILE_ABSENT | FILE_REFUSED | FILE_UNREADABLE} or what `parse` throws
 */
export function readInput<T>(path: string, what: string, io: CliIo, parse: (text: string) => T): T {
  const text = readTextFile(path, what, (message) => io.err(`latchkey: warning: ${message}\n`));
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof LicenseError)) throw error;
    const { code, message, problems } = error;
    throw new LicenseError(code, `${path}: ${message}`, { cause: error, problems });
  }
}

/** The compact JWS of a license file. @throws {MALFORMED | TOO_LARGE} or as {@link readInput} */
export function readLicenseFile(path: string, io: CliIo): string {
  return readInput(path, 'license file', io, parseLicenseText);
}

/**
 * A revocation list that the vendor signed: its file holds the compact JWS and nothing else. White space is
 * forgiven, because mail wraps lines.
 *
 * @throws as `verifySignedRevocation` does, or as {@link readInput}
 */
export function readRevocationFile(path: string, keys: TrustedKeyRing, io: CliIo): SignedRevocation {
  return readInput(path, 'revocation list', io, (text) =>
    verifySignedRevocation(text.replaceAll(/\s+/g, ''), keys),
  );
}

/** Vendor public keys, PEM or JWK Set. @throws {KEY_REFUSED | MALFORMED} or as {@link readInput} */
export function readTrustedKeys(path: string, io: CliIo): TrustedKeyRing {
  return readInput(path, 'public keys', io, (text) => TrustedKeyRing.from(text));
}

/** Encryption keys, `kid:key` entries or JWK Set. @throws {KEY_REFUSED | MALFORMED} or as {@link readInput} */
export function readEncryptionKeys(path: string, io: CliIo): EncryptionKeyRing {
  return readInput(path, 'encryption keys', io, parseEncryptionKeys);
}

/** The vendor's private key, PEM. @throws {KEY_REFUSED} or as {@link readInput} */
export function readPrivateKey(path: string, io: CliIo): SigningKey {
  return readInput(path, 'private key', io, (pem) => readSigningKey(pem));
}
