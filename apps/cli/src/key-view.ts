import { UsageError } from './failure.js';
import { printable, type Row } from './outcome.js';

/** What people and programs are shown of a key in a key file; never the value of a secret. Times are ISO 8601 in UTC. */
export interface KeyView {
  readonly keyId: string;
  /** RFC 7638: made from the key itself, so the same key has the same one under whatever name. */
  readonly thumbprint: string;
  readonly kind: 'encryption' | 'vendor';
  readonly algorithm: 'A256GCM' | 'PS256' | 'RS256';
  readonly bits: number;
  /** True for the one encryption key that seals; vendor keys only check. */
  readonly seals: boolean;
  /** What a vendor key signed is believed when it was issued from here on. Null: from the beginning. */
  readonly notBefore: string | null;
  /** And before this. Null: the key is not retired. */
  readonly retiredAt: string | null;
}

/** The key with this id or thumbprint. @throws {UsageError} there is none */
export function keyOf(keys: readonly KeyView[], keyId: string): KeyView {
  const found = keys.find((key) => key.keyId === keyId || key.thumbprint === keyId);
  if (found !== undefined) return found;
  throw new UsageError(`no key "${keyId}" here, only ${keys.map((key) => key.keyId).join(', ')}`);
}

/** Where that key stands. @throws {UsageError} there is none */
export function indexOfKey(keys: readonly KeyView[], keyId: string): number {
  return keys.indexOf(keyOf(keys, keyId));
}

/** A key as rows for people. */
export function keyRows(key: KeyView, nowMs: number): Row[] {
  const { keyId, thumbprint, kind, algorithm, bits } = key;
  return [
    ['key id', printable(keyId)],
    ...(thumbprint === keyId ? [] : [['thumbprint', thumbprint] as const]),
    ['algorithm', `${algorithm}, ${kind === 'vendor' ? `RSA ${bits}` : `${bits} bits`}`],
    kind === 'vendor'
      ? ['in service', windowText(key, nowMs)]
      : ['use', key.seals ? 'seals, opens' : 'opens'],
  ];
}

function windowText({ notBefore, retiredAt }: KeyView, nowMs: number): string {
  if (notBefore === null && retiredAt === null) return 'always';
  const now =
    retiredAt !== null && Date.parse(retiredAt) <= nowMs
      ? ' (retired)'
      : notBefore !== null && Date.parse(notBefore) > nowMs
        ? ' (not yet)'
        : '';
  const from = notBefore === null ? [] : [`from ${notBefore}`];
  const until = retiredAt === null ? [] : [`until ${retiredAt}`];
  return [...from, ...until].join(' ') + now;
}
