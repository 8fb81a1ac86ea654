import { generateEncryptionKey, generateSigningKey, publicJwk, type SigningKey } from '../issuing/keys.js';
import { signLicense, signRevocation } from '../issuing/sign.js';
import { refusalOf } from '../testing/throws-with-code.js';
import type { LicenseClaims, RevocationClaims } from './claims.js';
import { encodePart } from './compact.js';
import { parseEncryptionKeys, type EncryptionKeyRing } from './encryption-keys.js';
import { seal } from './sealed-document.js';
import { openKeyFile, openSealedLicense, sealLicense } from './sealed-license.js';
import {
  readUnverifiedLicense,
  readUnverifiedRevocation,
  verifySignedLicense,
  verifySignedRevocation,
} from './signed-license.js';
import { TrustedKeyRing } from './trusted-keys.js';

const claims: LicenseClaims = {
  v: 1,
  iss: 'vendor',
  sub: 'customer-1',
  aud: 'agent-os',
  jti: 'lic-1',
  serial: 7,
  iat: 1_800_000_000,
  exp: 1_900_000_000,
  edition: 'professional',
  features: {},
  limits: {},
};

const list: RevocationClaims = { v: 1, iss: 'vendor', iat: 1_800_000_000, serial: 1, revoked: [] };

let key: SigningKey;
let other: SigningKey;
let keys: TrustedKeyRing;
let jws: string;
let ring: EncryptionKeyRing;
let envelope: string;
beforeAll(async () => {
  [key, other] = (await Promise.all([generateSigningKey(2048), generateSigningKey(2048)])).map(
    (made, index) => ({ ...made, kid: `key-${index + 1}` }),
  ) as [SigningKey, SigningKey];
  keys = TrustedKeyRing.from([
    { ...publicJwk(key) },
    { ...publicJwk(other), nbf: 1_700_000_000, exp: 1_750_000_000 },
  ]);
  jws = signLicense(claims, key);
  ring = parseEncryptionKeys(`${generateEncryptionKey('first')},${generateEncryptionKey('second')}`);
  envelope = sealLicense({ sealedAtMs: 0, server: 's', license: null }, ring);
});

const verifying = (text: string): string | undefined =>
  refusalOf(() => verifySignedLicense(text, keys))?.message;
const opening = (text: string): string | undefined => refusalOf(() => openSealedLicense(text, ring))?.message;
/** The license with some parts replaced. */
const withParts = (...parts: (string | undefined)[]): string =>
  jws
    .split('.')
    .map((part, index) => parts[index] ?? part)
    .join('.');
const headed = (changes: object): string =>
  withParts(encodePart(JSON.stringify({ alg: 'PS256', kid: 'key-1', typ: 'license+jwt', ...changes })));
const sealed = (content: unknown, typ = 'sealed-license+jwe'): string =>
  seal(JSON.stringify(content), ring, { typ, maxBytes: 99_999, what: 'test' });
const sealHeaded = (changes: object): string => {
  const header = { alg: 'dir', enc: 'A256GCM', kid: 'first', typ: 'sealed-license+jwe', ...changes };
  return [encodePart(JSON.stringify(header)), ...envelope.split('.').slice(1)].join('.');
};

/** What a refusal says is for people, and what they do next depends on it. */
describe('a refusal of a signed document says', () => {
  it.each<[string, () => string | undefined]>([
    ['license: expected at most 32768 bytes, found 32769', () => verifying('x'.repeat(32_769))],
    ['license: expected 3 parts separated by dots', () => verifying('a.b')],
    ['license: expected canonical base64url', () => verifying(withParts(undefined, undefined, 'AB'))],
    ['license: expected a header of at most 2048 bytes', () => verifying(withParts('A'.repeat(2_049)))],
    ['license header: expected canonical base64url', () => verifying(withParts('AB'))],
    ['license header: expected JSON, found something else', () => verifying(withParts(encodePart('x')))],
    ['license: expected a header of exactly alg, kid, typ', () => verifying(headed({ zip: 'DEF' }))],
    ['license: expected a document of type license+jwt', () => verifying(headed({ typ: 'JWT' }))],
    ['license: expected PS256 or RS256', () => verifying(headed({ alg: 'none' }))],
    ['license: expected a key id of 1 to 64 letters, digits or . _ -', () => verifying(headed({ kid: '' }))],
    [
      'license: signed with the key nobody, which is not trusted here (trusted: key-1, key-2)',
      () => verifying(headed({ kid: 'nobody' })),
    ],
    [
      'license: expected PS256, which the key key-1 is for, found RS256',
      () => verifying(headed({ alg: 'RS256' })),
    ],
    [
      'license: the signature does not belong to this text and the key key-1: use the file exactly as the vendor sent it',
      () => verifying(withParts(undefined, undefined, 'AAAA')),
    ],
    [
      'license: issued after the time in which the key key-2 may sign: the vendor has to sign it with the present key',
      () => verifying(signLicense(claims, other)),
    ],
    [
      'license: issued before the time in which the key key-2 may sign: the vendor has to sign it with the present key',
      () => verifying(signLicense({ ...claims, iat: 1 }, other)),
    ],
    [
      'revocation list: expected a document of type license-revocation+jwt',
      () => refusalOf(() => verifySignedRevocation(jws, keys))?.message,
    ],
    [
      'revocation list: issued after the time in which the key key-2 may sign: the vendor has to sign it with the present key',
      () => refusalOf(() => verifySignedRevocation(signRevocation(list, other), keys))?.message,
    ],
    [
      'license: expected 3 parts separated by dots',
      () => refusalOf(() => readUnverifiedLicense('a'))?.message,
    ],
    [
      'license: expected a JSON object',
      () => refusalOf(() => readUnverifiedLicense(withParts(undefined, encodePart('[]'))))?.message,
    ],
    [
      'revocation list: expected 3 parts separated by dots',
      () => refusalOf(() => readUnverifiedRevocation('a'))?.message,
    ],
    [
      'revocation list: expected a JSON object',
      () =>
        refusalOf(() => readUnverifiedRevocation(`${signRevocation(list, key).split('.')[0]}.W10.AA`))
          ?.message,
    ],
  ])('%s', (message, refusing) => {
    expect(refusing()).toBe(message);
  });
});

describe('a refusal of a sealed document says', () => {
  const keyFileMembers = 'key file: expected v, license, timeFloor and maybe next and revocation';

  it.each<[string, () => string | undefined]>([
    ['sealed license: expected dir with A256GCM', () => opening(sealHeaded({ enc: 'A128GCM' }))],
    [
      'sealed license: expected a header of exactly alg, enc, kid, typ',
      () => opening(sealHeaded({ zip: 'DEF' })),
    ],
    [
      'sealed license: expected no wrapped key, a 96-bit IV and a 128-bit tag',
      () => opening(envelope.replace('..', '.AAAA.')),
    ],
    [
      'sealed license: sealed with the encryption key third, which is not in this ring (first, second): give all sides the same LICENSE_ENCRYPTION_KEYS',
      () => opening(sealHeaded({ kid: 'third' })),
    ],
    [
      'sealed license: not sealed with the encryption key second of this ring, or changed on the way',
      () => opening(sealHeaded({ kid: 'second' })),
    ],
    [
      'sealed license: expected at most 49152 bytes once sealed, found 66858',
      () =>
        refusalOf(() => sealLicense({ sealedAtMs: 0, server: 's', license: 'x'.repeat(50_000) }, ring))
          ?.message,
    ],
    [
      'sealed license: expected version 1, found version 2: upgrade the library to read it',
      () => opening(sealed({ v: 2 })),
    ],
    [
      'sealed license: expected exactly the members iat, license, revocation, server, v',
      () => opening(sealed({ v: 1, more: 1 })),
    ],
    [
      'sealed license: expected v, iat, server, license and maybe revocation',
      () => opening(sealed({ v: 1, iat: -1, server: 's', license: null })),
    ],
    [
      keyFileMembers,
      () => refusalOf(() => openKeyFile(sealed({ v: 1, license: null }, 'license-store+jwe'), ring))?.message,
    ],
  ])('%s', (message, refusing) => {
    expect(refusing()).toBe(message);
  });
});
