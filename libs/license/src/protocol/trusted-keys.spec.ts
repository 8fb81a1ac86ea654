import { createPublicKey, type KeyObject } from 'node:crypto';

import { calculateJwkThumbprint } from 'jose';

import { generateSigningKey, publicJwk, type SigningKey } from '../issuing/keys.js';
import { refusalOf } from '../testing/throws-with-code.js';
import { TrustedKeyRing, type TrustedKeyInput } from './trusted-keys.js';

let one: SigningKey;
let two: SigningKey;
let print: string;
let spki: string;
let pkcs1: string;
let bareJwk: { kty: 'RSA'; n: string; e: string };
beforeAll(async () => {
  [one, two] = await Promise.all([generateSigningKey(2048), generateSigningKey(2048)]);
  const { kty, n, e } = publicJwk(one);
  bareJwk = { kty, n, e };
  print = await calculateJwkThumbprint(bareJwk);
  spki = pem(one.privateKey);
  pkcs1 = pem(one.privateKey, 'pkcs1');
});

const pem = (key: KeyObject, type: 'spki' | 'pkcs1' = 'spki') =>
  createPublicKey(key).export({ type, format: 'pem' }) as string;
const from = (input: unknown) => TrustedKeyRing.from(input as TrustedKeyInput);
const refusing = (input: unknown) => refusalOf(() => from(input));

/** A public key of that size. To make a real one takes seconds; any odd number will do where nothing is verified. */
const sized = (bits: number) => ({
  kty: 'RSA',
  e: 'AQAB',
  n: Buffer.alloc(bits / 8, 0xff).toString('base64url'),
});

describe('trusted keys', () => {
  it('are read from PEM of either form, under their RFC 7638 thumbprint, for PS256', () => {
    for (const text of [
      spki,
      pkcs1,
      `\n${spki.replaceAll('\n', '\r\n')}\n`,
      `Vendor key 2026:\n${spki}`,
      `\uFEFF${spki}`,
    ]) {
      const ring = from(text);
      expect(ring.kids).toEqual([print]);
      expect(ring.find(print)).toMatchObject({ kid: print, alg: 'PS256' });
      expect(ring.find(print)?.key.export({ format: 'jwk' })).toEqual(bareJwk);
    }
  });

  it('are read from a JWK or a JWK Set, as a value or as text', () => {
    const { kid } = two;
    const set = { keys: [bareJwk, { ...publicJwk(two), key_ops: ['verify'], x: 'ignored' }] };
    expect(from(bareJwk).kids).toEqual([print]);
    expect(from(JSON.stringify(bareJwk)).kids).toEqual([print]);
    expect(from(set).kids).toEqual([print, kid]);
    expect(from(`\uFEFF${JSON.stringify(set, null, 2)}\n`).kids).toEqual([print, kid]);
  });

  it('are read from several PEMs in one text, and from a list of anything', () => {
    expect(from(`${spki}\n${pem(two.privateKey, 'pkcs1')}`).kids).toEqual([print, two.kid]);
    expect(from([spki, publicJwk(two)]).kids).toEqual([print, two.kid]);
    expect(from([{ keys: [publicJwk(two)] }, spki]).kids).toEqual([two.kid, print]);
  });

  it('keep the id and the algorithm that they state', () => {
    const ring = from({ ...bareJwk, kid: 'vendor-2026', alg: 'RS256' });
    expect(ring.find('vendor-2026')).toMatchObject({ kid: 'vendor-2026', alg: 'RS256' });
    expect(from({ ...bareJwk, alg: 'PS256', use: 'sig' }).find(print)?.alg).toBe('PS256');
  });

  it('may say from when and until when they sign', () => {
    expect(from(bareJwk).find(print)).toMatchObject({ notBeforeMs: -Infinity, retiredAtMs: Infinity });
    expect(from({ ...bareJwk, nbf: 0, exp: 1_900_000_000 }).find(print)).toMatchObject({
      notBeforeMs: 0,
      retiredAtMs: 1_900_000_000_000,
    });
  });

  it('are found by their exact id and by nothing else', () => {
    const ring = from({ ...bareJwk, kid: 'vendor-2026' });
    for (const kid of ['', 'VENDOR-2026', 'vendor', print, '__proto__', 'constructor']) {
      expect(ring.find(kid)).toBeUndefined();
    }
  });

  it('of 8192 bits at most are taken', () => {
    expect(from(sized(2048)).kids).toHaveLength(1);
    expect(from(sized(8192)).kids).toHaveLength(1);
    expect(refusing(sized(8200))?.message).toContain('found 8200');
    expect(refusing(sized(2040))?.message).toContain('found 2040');
    expect(refusing(sized(1024))?.message).toContain('found 1024');
  });
});
