import { createPrivateKey, generateKeyPairSync } from 'node:crypto';

import { calculateJwkThumbprint } from 'jose';

import { parseEncryptionKeys } from '../protocol/encryption-keys.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import {
  exportSigningKey,
  generateEncryptionKey,
  generateSigningKey,
  publicJwk,
  readSigningKey,
  type SigningKey,
} from './keys.js';

let key: SigningKey;
beforeAll(async () => {
  key = await generateSigningKey(2048);
});

describe('a signing key', () => {
  it('is RSA with the exponent 65537, for PS256, named by its RFC 7638 thumbprint', async () => {
    expect(key.privateKey.asymmetricKeyType).toBe('rsa');
    expect(key.privateKey.asymmetricKeyDetails).toEqual({ modulusLength: 2048, publicExponent: 65537n });
    expect(key.alg).toBe('PS256');
    expect(key.kid).toBe(await calculateJwkThumbprint({ ...publicJwk(key) }));
    expect(Object.isFrozen(key)).toBe(true);
  });

  it('has 3072 bits unless asked otherwise', async () => {
    const { privateKey } = await generateSigningKey();
    expect(privateKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
  });

  it.each([0, 1024, 2047, 8193, 3072.5, Number.NaN, Infinity])('is not made with %d bits', async (bits) => {
    await expect(generateSigningKey(bits)).rejects.toMatchObject({ code: 'KEY_REFUSED' });
  });

  it('comes back from its PEM, and from the older form of PEM', () => {
    const pem = exportSigningKey(key);
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const older = key.privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
    for (const text of [pem, older, `\n${pem}\n`]) {
      const read = readSigningKey(text);
      expect([read.kid, read.alg, publicJwk(read)]).toEqual([key.kid, 'PS256', publicJwk(key)]);
    }
  });

  it('may be given an id and the algorithm RS256', () => {
    const read = readSigningKey(exportSigningKey(key), 'vendor-2026', 'RS256');
    expect(publicJwk(read)).toMatchObject({ kid: 'vendor-2026', alg: 'RS256' });
    for (const kid of ['', 'a b', 'a/b', 'k'.repeat(65)]) {
      expect(codeOf(() => readSigningKey(exportSigningKey(key), kid))).toBe('KEY_REFUSED');
    }
  });

  it('shows of itself only what is public', () => {
    expect(Object.keys(publicJwk(key)).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(TrustedKeyRing.from({ ...publicJwk(key) }).find(key.kid)?.alg).toBe('PS256');
  });

  it('is refused when it is something else', () => {
    const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export(pkcs8) as string;
    const three = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const encrypted = { ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' };
    const cases: [string, string][] = [
      ['', 'found something else'],
      ['not PEM', 'found something else'],
      [JSON.stringify(key.privateKey.export({ format: 'jwk' })), 'found something else'],
      [exportSigningKey(key).replaceAll('PRIVATE', 'PUBLIC'), 'found something else'],
      [exportSigningKey(key).slice(0, 200), 'cannot be read'],
      [key.privateKey.export(encrypted) as string, 'cannot be read'],
      [small, 'found 1024'],
      [three.export(pkcs8) as string, 'found 3'],
      [ec.export(pkcs8) as string, 'found ec'],
    ];
    for (const [text, reason] of cases) {
      expect(refusalOf(() => readSigningKey(text))).toMatchObject({
        code: 'KEY_REFUSED',
        message: expect.stringContaining(reason),
      });
    }
  });

  it('is stored so that it can be read without this library', () => {
    const read = createPrivateKey(exportSigningKey(key));
    expect(read.export({ format: 'jwk' })).toEqual(key.privateKey.export({ format: 'jwk' }));
  });
});

describe('a new encryption key', () => {
  it('is one entry for LICENSE_ENCRYPTION_KEYS, named by its thumbprint or as asked', async () => {
    const [kid = '', text = ''] = generateEncryptionKey().split(':');
    expect(Buffer.from(text, 'base64url')).toHaveLength(32);
    expect(kid).toBe(await calculateJwkThumbprint({ kty: 'oct', k: text }));
    expect(generateEncryptionKey('2026-11')).toMatch(/^2026-11:[A-Za-z0-9_-]{43}$/);
    expect(parseEncryptionKeys(generateEncryptionKey('2026-11')).first.kid).toBe('2026-11');
  });

  it('is another one every time', () => {
    expect(new Set(Array.from({ length: 100 }, () => generateEncryptionKey('k'))).size).toBe(100);
  });

  it.each(['', 'a b', 'a:b', 'a,b', 'k'.repeat(65)])('is not made with the id %j', (kid) => {
    expect(codeOf(() => generateEncryptionKey(kid))).toBe('KEY_REFUSED');
  });
});
