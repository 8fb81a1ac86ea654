import { LicenseError, TrustedKeyRing, type TrustedKey } from '@latchkey/license/protocol';

import { indexOfKey, type KeyView } from './key-view.js';
import { isoTime } from './times.js';

type Jwk = Readonly<Record<string, unknown>>;

interface Entry {
  readonly trusted: TrustedKey;
  readonly thumbprint: string;
  readonly jwk: Jwk;
}

/**
 * A vendor's public keys in a JWK Set. Each vouches for what it signed while it was in service. Members that mean
 * nothing here are kept. Changes give a new value; nothing is written here.
 */
export class VendorKeyFile {
  readonly kind = 'vendor';

  private constructor(
    private readonly entries: readonly Entry[],
    /** The members around the keys. */
    private readonly set: Jwk,
  ) {}

  /** @throws {KEY_REFUSED | MALFORMED} as `TrustedKeyRing.from` does, and for PEM */
  static parse(text: string): VendorKeyFile {
    if (text.includes('-----BEGIN ')) {
      throw new LicenseError(
        'KEY_REFUSED',
        'expected a JWK Set, found PEM, which has no room for key ids and dates: latchkey keygen writes both',
      );
    }
    const ring = TrustedKeyRing.from(text); // what it takes is sound, so the rest only has to take it apart
    const set = JSON.parse(text) as Jwk;
    const isSet = Array.isArray(set['keys']);
    const jwks = isSet ? (set['keys'] as Jwk[]) : [set];
    return new VendorKeyFile(
      trustedKeysOf(ring).map((trusted, index) => entryOf(trusted, jwks[index] ?? {})),
      isSet ? set : {},
    );
  }

  get keys(): readonly KeyView[] {
    return this.entries.map(({ trusted, thumbprint }) => ({
      keyId: trusted.kid,
      thumbprint,
      kind: 'vendor',
      algorithm: trusted.alg,
      bits: trusted.key.asymmetricKeyDetails?.modulusLength ?? 0,
      seals: false,
      notBefore: Number.isFinite(trusted.notBeforeMs) ? isoTime(trusted.notBeforeMs) : null,
      retiredAt: Number.isFinite(trusted.retiredAtMs) ? isoTime(trusted.retiredAtMs) : null,
    }));
  }

  /** What goes into the file. */
  get text(): string {
    return `${JSON.stringify({ ...this.set, keys: this.entries.map(({ jwk }) => jwk) }, null, 2)}\n`;
  }

  /**
   * More public keys at the end.
   *
   * @param publicKeys PEM or JWK Set
   * @param notBeforeMs what they sign is believed from here on; default: what their JWKs say, else always
   * @throws {KEY_REFUSED | MALFORMED} when they cannot be trusted, or one of them is there already
   */
  with(publicKeys: string, notBeforeMs?: number): VendorKeyFile {
    const jwks = trustedKeysOf(TrustedKeyRing.from(publicKeys)).map((key) => jwkOf(key, notBeforeMs));
    const keys = [...this.entries.map(({ jwk }) => jwk), ...jwks];
    return VendorKeyFile.parse(JSON.stringify({ ...this.set, keys }));
  }

  /**
   * The key is retired: what is issued from `atMs` on is refused, what was issued before stands.
   *
   * @throws {UsageError} no such key
   */
  retired(keyId: string, atMs: number): VendorKeyFile {
    const index = indexOfKey(this.keys, keyId);
    const keys = this.entries.map(({ jwk }) => jwk);
    return VendorKeyFile.parse(
      JSON.stringify({
        ...this.set,
        keys: keys.with(index, { ...keys[index], exp: Math.ceil(atMs / 1000) }),
      }),
    );
  }

  /**
   * The key is gone: nothing that it ever signed is believed.
   *
   * @throws {UsageError} no such key
   * @throws {KEY_REFUSED} it is the last one
   */
  without(keyId: string): VendorKeyFile {
    const index = indexOfKey(this.keys, keyId);
    if (this.entries.length === 1) {
      throw new LicenseError(
        'KEY_REFUSED',
        'this is the only key here: add its successor first, or nobody could be licensed',
      );
    }
    return new VendorKeyFile(this.entries.toSpliced(index, 1), this.set);
  }
}

function trustedKeysOf(ring: TrustedKeyRing): TrustedKey[] {
  return ring.kids.flatMap((kid) => ring.find(kid) ?? []);
}

function entryOf(trusted: TrustedKey, jwk: Jwk): Entry {
  const [thumbprint = ''] = TrustedKeyRing.from({ ...jwk, kid: undefined }).kids; // the id of a key without one
  return { trusted, thumbprint, jwk };
}

function jwkOf({ kid, alg, key, notBeforeMs, retiredAtMs }: TrustedKey, from = notBeforeMs): Jwk {
  const { n, e } = key.export({ format: 'jwk' });
  return {
    kty: 'RSA',
    use: 'sig',
    alg,
    kid,
    n,
    e,
    ...(Number.isFinite(from) ? { nbf: Math.floor(from / 1000) } : {}),
    ...(Number.isFinite(retiredAtMs) ? { exp: retiredAtMs / 1000 } : {}),
  };
}
