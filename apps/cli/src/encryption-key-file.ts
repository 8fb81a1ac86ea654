import { generateEncryptionKey } from '@latchkey/license/issuing';
import { LicenseError, parseEncryptionKeys } from '@latchkey/license/protocol';

import { indexOfKey, type KeyView } from './key-view.js';

type Jwk = Readonly<Record<string, unknown>>;

interface Entry {
  readonly kid: string;
  readonly thumbprint: string;
  /** The key as it is spelled in the file. */
  readonly secret: string;
  /** Where it stands, when the file is a JWK Set. */
  readonly jwk: Jwk | null;
}

/**
 * The encryption keys of a deployment in a file: the first seals, all open. Keeps the form of the file, lines of
 * `kid:key` or a JWK Set, and the spelling of each key. Changes give a new value; nothing is written here.
 */
export class EncryptionKeyFile {
  readonly kind = 'encryption';

  private constructor(
    private readonly entries: readonly Entry[],
    /** The members around the keys; null for lines. */
    private readonly set: Jwk | null,
  ) {}

  /** @throws {KEY_REFUSED | MALFORMED} as `parseEncryptionKeys` does */
  static parse(text: string): EncryptionKeyFile {
    const { kids } = parseEncryptionKeys(text); // what it takes is sound, so the rest only has to take it apart
    const entryOf = (secret: string, jwk: Jwk | null, index: number): Entry => ({
      kid: kids[index] ?? '',
      thumbprint: parseEncryptionKeys(secret).first.kid, // a bare key is called by it
      secret,
      jwk,
    });
    if (!text.trim().startsWith('{')) {
      const words = text.split(/[\s,]+/).filter((word) => word !== '');
      return new EncryptionKeyFile(
        words.map((word, index) => entryOf(word.slice(word.indexOf(':') + 1), null, index)),
        null,
      );
    }
    const set = JSON.parse(text) as Jwk;
    const jwks = Array.isArray(set['keys']) ? (set['keys'] as Jwk[]) : [set];
    return new EncryptionKeyFile(
      jwks.map((jwk, index) => entryOf(jwk['k'] as string, jwk, index)),
      Array.isArray(set['keys']) ? set : {},
    );
  }

  get keys(): readonly KeyView[] {
    return this.entries.map(({ kid, thumbprint }, index) => ({
      keyId: kid,
      thumbprint,
      kind: 'encryption',
      algorithm: 'A256GCM',
      bits: 256,
      seals: index === 0,
      notBefore: null,
      retiredAt: null,
    }));
  }

  /** What goes into the file. Holds secrets. */
  get text(): string {
    if (this.set === null) return this.entries.map(({ kid, secret }) => `${kid}:${secret}\n`).join('');
    const keys = this.entries.map(({ kid, jwk }) => ({ ...jwk, kid }));
    return `${JSON.stringify({ ...this.set, keys }, null, 2)}\n`;
  }

  /**
   * A fresh key at the end: it opens, and does not seal yet.
   *
   * @param kid default: the RFC 7638 thumbprint of the key
   * @throws {KEY_REFUSED} when a key is called so already
   */
  withFresh(kid?: string): EncryptionKeyFile {
    const [name = '', k = ''] = generateEncryptionKey(kid).split(':');
    const jwk = this.set === null ? null : { kty: 'oct', kid: name, k };
    const fresh = { kid: name, thumbprint: '', secret: k, jwk };
    return EncryptionKeyFile.parse(new EncryptionKeyFile([...this.entries, fresh], this.set).text);
  }

  /** The key comes first, and seals. @throws {UsageError} no such key */
  promoted(keyId: string): EncryptionKeyFile {
    const index = indexOfKey(this.keys, keyId);
    const others = this.entries.toSpliced(index, 1);
    return new EncryptionKeyFile([...this.entries.slice(index, index + 1), ...others], this.set);
  }

  /**
   * The key is gone: what it sealed does not open any more.
   *
   * @throws {UsageError} no such key
   * @throws {KEY_REFUSED} it is the one that seals
   */
  without(keyId: string): EncryptionKeyFile {
    const index = indexOfKey(this.keys, keyId);
    if (index === 0) {
      throw new LicenseError(
        'KEY_REFUSED',
        'this is the key that seals: promote another one first, and retire this one once every key file is sealed anew',
      );
    }
    return new EncryptionKeyFile(this.entries.toSpliced(index, 1), this.set);
  }
}
