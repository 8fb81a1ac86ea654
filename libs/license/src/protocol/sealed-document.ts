import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { LicenseError } from '../core/errors.js';
import { decodePart, encodePart, readHeader, splitCompact } from './compact.js';
import type { EncryptionKeyRing } from './encryption-keys.js';

const alg = 'dir';
const enc = 'A256GCM';
const ivBytes = 12;
const tagBytes = 16;

/** What kind of sealed document, and how large it may be. */
export interface SealRule {
  readonly typ: string;
  readonly maxBytes: number;
  /** What the document is, for messages. */
  readonly what: string;
}

/**
 * Seals `plaintext` as a compact JWE (RFC 7516; `dir`, AES-256-GCM, fresh random IV) under the first key.
 *
 * @throws {TOO_LARGE} when the result exceeds the rule
 */
export function seal(plaintext: string, keys: EncryptionKeyRing, rule: SealRule): string {
  const { kid, key } = keys.first;
  const header = encodePart(JSON.stringify({ alg, enc, kid, typ: rule.typ }));
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(header, 'ascii'));
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const sealed = [header, '', encodePart(iv), encodePart(body), encodePart(cipher.getAuthTag())].join('.');
  if (sealed.length > rule.maxBytes) {
    throw new LicenseError(
      'TOO_LARGE',
      `${rule.what}: expected at most ${rule.maxBytes} bytes once sealed, found ${sealed.length}`,
    );
  }
  return sealed;
}

/**
 * Opens a compact JWE of this rule with whichever key of the ring it names.
 *
 * @returns the plaintext, which the caller wipes, and the id of the key that opened it
 * @throws {TOO_LARGE | MALFORMED | HEADER_REFUSED | TYPE_REFUSED | ALGORITHM_REFUSED} not such a document at all
 * @throws {KEY_UNKNOWN} sealed under a key id that is not in the ring
 * @throws {SEAL_NOT_OPENED} everything that can be wrong behind the header, in one code
 */
export function open(
  sealed: string,
  keys: EncryptionKeyRing,
  rule: SealRule,
): { readonly kid: string; readonly plaintext: Buffer } {
  const { typ, maxBytes, what } = rule;
  const [headerPart = '', wrappedKey, ivPart = '', bodyPart = '', tagPart = ''] = splitCompact(
    sealed,
    5,
    maxBytes,
    what,
  );
  const iv = decodePart(ivPart, what);
  const body = decodePart(bodyPart, what);
  const tag = decodePart(tagPart, what);
  const { kid } = readHeader(headerPart, { typ, alg: [alg], enc }, what);
  if (wrappedKey !== '' || iv.length !== ivBytes || tag.length !== tagBytes) {
    throw new LicenseError('MALFORMED', `${what}: expected no wrapped key, a 96-bit IV and a 128-bit tag`);
  }
  const key = keys.find(kid);
  if (key === undefined) {
    throw new LicenseError(
      'KEY_UNKNOWN',
      `${what}: sealed with the encryption key ${kid}, which is not in this ring (${keys.kids.join(', ')}): give all sides the same LICENSE_ENCRYPTION_KEYS`,
    );
  }
  // Attack: without authTagLength, node:crypto accepts tags cut to four bytes.
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(headerPart, 'ascii'));
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(body); // all of it: GCM holds nothing back, and no second copy has to be wiped
  try {
    decipher.final();
    return { kid, plaintext };
  } catch {
    plaintext.fill(0);
    throw new LicenseError(
      'SEAL_NOT_OPENED',
      `${what}: not sealed with the encryption key ${kid} of this ring, or changed on the way`,
    );
  }
}
