import { refusalOf } from '../testing/throws-with-code.js';
import { EncryptionKeyRing, parseEncryptionKeys } from './encryption-keys.js';

const secret = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37 + 251) % 256));
const good = secret.toString('base64url');
const makeOne = '; make one with "latchkey encryption-key"';

const messageFor = (text: string): string | undefined => refusalOf(() => parseEncryptionKeys(text))?.message;
const jwks = (...keys: string[]): string =>
  JSON.stringify({ keys: keys.map((k, index) => ({ kty: 'oct', kid: `k${index}`, k })) });

describe('a refused encryption key', () => {
  it.each([
    ['{', 'encryption keys: expected JSON, found something else'],
    [
      jwks(good, 'AAAA'),
      `encryption key 2: expected 32 bytes as base64url, base64 or hex, found 3 bytes${makeOne}`,
    ],
    [
      JSON.stringify({ keys: [{ kty: 'oct', k: good }, { kty: 'RSA' }] }),
      'encryption key 2: expected a JWK with "kty": "oct" and "k"',
    ],
  ])('is named by its position in a JWK Set: %#', (text, message) => {
    expect(messageFor(text)).toBe(message);
  });

  it.each([
    ['31 bytes in base64', Buffer.alloc(31, 0xfb).toString('base64').replace(/=+$/, ''), '31 bytes'],
    ['a pass phrase', 'correct-horse-battery~staple-123', '32 printable characters, which is a pass phrase'],
    [
      '32 characters, the first not printable',
      `é${'-!'.repeat(15)}x`,
      '32 characters that are none of these',
    ],
    ['32 characters, the last not printable', `${'-!'.repeat(15)}xé`, '32 characters that are none of these'],
    ['a key with = before it', `=${good}`, '44 characters that are none of these'],
    ['a key with = in it', `${good.slice(0, 20)}=${good.slice(20)}`, '44 characters that are none of these'],
  ])('is told what it is instead: %s', (_, text, found) => {
    const expected = 'encryption key 1: expected 32 bytes as base64url, base64 or hex';
    expect(messageFor(`kid:${text}`)).toBe(`${expected}, found ${found}${makeOne}`);
  });

  it.each([
    ['31 bytes', secret.subarray(1), '31 bytes'],
    ['equal bytes', Buffer.alloc(32, 7), '32 equal bytes'],
    ['a pass phrase', Buffer.from(`${'~ '.repeat(15)}ab`), '32 printable characters, which is a pass phrase'],
  ])('is refused as bytes, too: %s', (_, bytes, found) => {
    const refusal = refusalOf(() => new EncryptionKeyRing([{ kid: null, secret: Buffer.from(bytes) }]));
    expect(refusal?.message).toBe(`encryption key 1: expected 32 random bytes, found ${found}${makeOne}`);
  });

  it.each([
    ['no byte of a letter', Buffer.from([...Array(32).keys()])],
    [
      'only bytes above those of letters',
      Buffer.from(Array.from({ length: 32 }, (_, index) => 0x80 + index)),
    ],
    ['letters and one byte above', Buffer.from([...Buffer.from('abcdefghijklmnopqrstuvwxyz01234'), 0x7f])],
    ['letters and one byte below', Buffer.from([...Buffer.from('abcdefghijklmnopqrstuvwxyz01234'), 0x1f])],
  ])('is none of those with %s', (_, bytes) => {
    expect(parseEncryptionKeys(`k:${bytes.toString('base64')}`).kids).toEqual(['k']);
  });
});
