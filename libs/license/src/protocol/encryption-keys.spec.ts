import { randomBytes } from 'node:crypto';

import * as fc from 'fast-check';
import { calculateJwkThumbprint } from 'jose';

import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { EncryptionKeyRing, parseEncryptionKeys } from './encryption-keys.js';

/** A secret that contains the characters in which base64 and base64url differ, and needs padding. */
const secret = Buffer.concat([Buffer.from('fbefbeffffff', 'hex'), randomBytes(26)]);
const other = randomBytes(32);
const url = secret.toString('base64url');
const base64 = secret.toString('base64');
const hex = secret.toString('hex');
const thumbprintOf = (bytes: Buffer) =>
  calculateJwkThumbprint({ kty: 'oct', k: bytes.toString('base64url') });
const jwk = (bytes: Buffer, kid?: string) => ({
  kty: 'oct',
  k: bytes.toString('base64url'),
  ...(kid && { kid }),
});
const messageOf = (text: string) => refusalOf(() => parseEncryptionKeys(text))?.message ?? '';

describe('encryption keys', () => {
  it.each([
    ['base64url', url],
    ['base64', base64],
    ['base64 without padding', base64.replace('=', '')],
    ['base64url with padding', `${url}=`],
    ['hex', hex],
    ['hex in capitals', hex.toUpperCase()],
  ])('are read as %s, with an id or bare', async (_, spelled) => {
    const print = await thumbprintOf(secret);
    for (const [text, kid] of [
      [`ring-1:${spelled}`, 'ring-1'],
      [spelled, print],
      [` \n${spelled}\r\n`, print],
    ] as const) {
      const ring = parseEncryptionKeys(text);
      expect([ring.first.kid, ring.kids]).toEqual([kid, [kid]]);
      expect(ring.first.key.export()).toEqual(secret);
    }
  });

  it('are read as a JWK Set or as a single JWK', async () => {
    const set = { keys: [jwk(secret, 'ring-1'), { ...jwk(other), use: 'enc', alg: 'A256GCM' }] };
    expect(parseEncryptionKeys(JSON.stringify(set)).kids).toEqual(['ring-1', await thumbprintOf(other)]);
    expect(parseEncryptionKeys(`\uFEFF${JSON.stringify(jwk(secret, 'ring-1'), null, 2)}\n`).kids).toEqual([
      'ring-1',
    ]);
  });

  it.each([',', ', ', '\n', '\r\n', ' ', ',\n\n', ',,'])('may be several, separated by %j', (separator) => {
    const ring = parseEncryptionKeys(`a:${url}${separator}b:${other.toString('hex')}${separator}`);
    expect(ring.kids).toEqual(['a', 'b']);
    expect(ring.first.kid).toBe('a');
    expect(ring.find('b')?.export()).toEqual(other);
  });

  it('are found by their id and by their RFC 7638 thumbprint, and by nothing else', async () => {
    const ring = parseEncryptionKeys(`a:${url},b:${other.toString('base64url')}`);
    expect(ring.find('a')?.export()).toEqual(secret);
    expect(ring.find(await thumbprintOf(secret))?.export()).toEqual(secret);
    expect(ring.find(await thumbprintOf(other))?.export()).toEqual(other);
    for (const kid of ['', 'A', 'c', '__proto__', 'constructor', 'first'])
      expect(ring.find(kid)).toBeUndefined();
  });

  it('are rotated all at once, for whoever holds the ring', async () => {
    const ring = parseEncryptionKeys(`a:${url}`);
    ring.replaceWith(parseEncryptionKeys(`b:${other.toString('hex')}`));
    expect([ring.first.kid, ring.kids]).toEqual(['b', ['b']]);
    expect(ring.find('b')?.export()).toEqual(other);
    expect([ring.find('a'), ring.find(await thumbprintOf(secret))]).toEqual([undefined, undefined]);
  });

  it('are wiped from the buffers they came in', () => {
    const buffer = Buffer.from(secret);
    const ring = new EncryptionKeyRing([{ kid: null, secret: buffer }]);
    expect(buffer).toEqual(Buffer.alloc(32));
    expect(ring.first.key.export()).toEqual(secret);
  });

  const phrase = 'correct horse battery staple 123';
  const cut = secret.subarray(0, 31);
  const long = Buffer.concat([secret, other.subarray(0, 1)]);
  it.each([
    ['nothing', '', 'at least one'],
    ['white space', ' \n', 'at least one'],
    ['commas', ',,', 'at least one'],
    ['an empty key', 'ring-1:', 'found 0 bytes'],
    ['31 bytes', cut.toString('base64url'), 'found 31 bytes'],
    ['33 bytes', `ring-1:${long.toString('base64')}`, 'found 33 bytes'],
    ['16 bytes in base64url', secret.subarray(0, 16).toString('base64url'), 'found 16 bytes'],
    ['63 hexadecimal digits', `a:${hex.slice(1)}`, 'expected 32 bytes'],
    ['65 hexadecimal digits', `a:${hex}0`, 'expected 32 bytes'],
    ['32 printable characters', phrase.replaceAll(' ', '-'), 'pass phrase'],
    ['32 printable characters in base64', Buffer.from(phrase).toString('base64'), 'pass phrase'],
    ['32 printable characters in hex', `a:${Buffer.from(phrase).toString('hex')}`, 'pass phrase'],
    ['32 zero bytes', Buffer.alloc(32).toString('base64'), 'equal bytes'],
    ['32 equal bytes', `a:${'ab'.repeat(32)}`, 'equal bytes'],
    ['spare bits', `${url.slice(0, -1)}B`, 'none of these'],
    ['two paddings', `${url}==`, 'none of these'],
    ['two alphabets at once', `----${base64.slice(4)}`, 'none of these'],
    ['a character of no alphabet', `${url.slice(0, -1)}*`, 'none of these'],
    ['two keys without ids', `${url},${other.toString('base64url')}`, 'without an id'],
    ['two keys, one without an id', `a:${url},${other.toString('base64url')}`, 'without an id'],
    ['an empty id', `:${url}`, 'expected key ids'],
    ['an id of 65 characters', `${'k'.repeat(65)}:${url}`, 'expected key ids'],
    ['an id with a slash', `a/b:${url}`, 'expected key ids'],
    ['an id twice', `a:${url},a:${other.toString('base64url')}`, 'each its own id'],
    ['a key twice', `a:${url},b:${hex}`, 'each key once'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----', 'without an id'],
    ['an empty JWK Set', '{"keys":[]}', 'at least one'],
    ['a public key in a JWK Set', '{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}', '"kty": "oct"'],
    ['another kind of JWK', `{"kty":"EC","k":"${url}"}`, '"kty": "oct"'],
    ['a JWK without its key', '{"kty":"oct"}', '"kty": "oct"'],
    ['a JWK Set of texts', `{"keys":["${url}"]}`, '"kty": "oct"'],
    ['a JWK with a short key', JSON.stringify(jwk(cut)), 'found 31 bytes'],
    ['a JWK with a bad id', JSON.stringify(jwk(secret, 'a b')), 'expected key ids'],
    ['a JWK with a number as its id', JSON.stringify({ ...jwk(secret), kid: 1 }), 'expected key ids'],
  ])('are refused: %s', (_, text, reason) => {
    const refusal = refusalOf(() => parseEncryptionKeys(text));
    expect(refusal?.code).toBe('KEY_REFUSED');
    expect(refusal?.message).toContain(reason);
  });

  it('are refused in a JWK Set that is not strict JSON', () => {
    const twice = `{"kty":"oct","k":"${url}","k":"${other.toString('base64url')}"}`;
    for (const text of [twice, '{', `{"keys":[${JSON.stringify(jwk(secret))}]`]) {
      expect(codeOf(() => parseEncryptionKeys(text))).toBe('MALFORMED');
    }
  });

  it('are named by position in a refusal, which never holds the value or what may be the value', () => {
    const short = cut.toString('base64url');
    const texts = [
      `a:${url},b:${short}`,
      `${url}:ring-1`, // the wrong way round: here the id is the key
      `${url}:${short}`,
      `a:${url},b:${url}`,
      `a:${url},${short}:${url}`,
      `${url}${url}`,
      `a:${url} b:${url}x`,
      JSON.stringify({ keys: [jwk(secret), jwk(secret, short)] }),
    ];
    for (const text of texts) {
      const message = messageOf(text);
      expect(message).toMatch(/^encryption key [12]: |^expected /);
      for (const value of [url, base64, hex, short]) expect(message).not.toContain(value);
    }
    expect(messageOf(`a:${url},b:${short}`)).toContain('encryption key 2');
  });

  it('throw nothing but refusals, whatever the text, and no refusal quotes it', () => {
    const token = fc.stringMatching(/^[\w+/=.-]{8,80}$/);
    const text = fc.oneof(
      fc.string(),
      fc.array(token).map((list) => list.join()),
      fc.tuple(token, token).map((pair) => pair.join(':')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const message = messageOf(input);
        const quoted = input.split(/[\s,:]/).filter((part) => part.length >= 8 && message.includes(part));
        expect(quoted).toEqual([]);
      }),
    );
  });
});
