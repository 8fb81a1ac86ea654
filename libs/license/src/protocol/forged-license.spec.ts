import { createHmac, sign, type KeyObject } from 'node:crypto';

import { generateSigningKey, publicJwk, type SigningKey } from '../issuing/keys.js';
import { signLicense } from '../issuing/sign.js';
import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import type { LicenseClaims } from './claims.js';
import { encodePart } from './compact.js';
import { signatureParameters, verifySignedLicense } from './signed-license.js';
import { TrustedKeyRing } from './trusted-keys.js';

const claims: LicenseClaims = {
  v: 1,
  iss: 'example-vendor',
  sub: 'customer-1',
  customer: { name: 'Secret Customer' },
  aud: 'agent-os',
  jti: 'lic-1',
  serial: 7,
  iat: 1_800_000_000,
  exp: 1_900_000_000,
  edition: 'professional',
  features: {},
  limits: {},
};

let key: SigningKey;
let stranger: SigningKey;
let keys: TrustedKeyRing;
let jws: string;
beforeAll(async () => {
  [key, stranger] = await Promise.all([generateSigningKey(2048), generateSigningKey(2048)]);
  keys = TrustedKeyRing.from({ ...publicJwk(key) });
  jws = signLicense(claims, key);
});

const verifying = (text: string, ring = keys) => codeOf(() => verifySignedLicense(text, ring));
const asText = (content: unknown) => (typeof content === 'string' ? content : JSON.stringify(content));

interface Forgery {
  readonly header?: object;
  readonly privateKey?: KeyObject;
  readonly parameters?: object;
}

/** A token as a forger makes it, with a header, a payload and parameters of any kind. */
function forge(payload: unknown, forgery: Forgery = {}): string {
  const { header, privateKey = key.privateKey, parameters = signatureParameters.PS256 } = forgery;
  const full = { alg: 'PS256', kid: key.kid, typ: 'license+jwt', ...header };
  const signed = `${encodePart(asText(full))}.${encodePart(asText(payload))}`;
  return `${signed}.${encodePart(sign('sha256', Buffer.from(signed), { key: privateKey, ...parameters }))}`;
}

describe('a forged or damaged license', () => {
  it('is refused with any single bit flipped', () => {
    const bytes = Buffer.from(jws, 'latin1');
    const accepted: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      if (verifying(flipped.toString('latin1')) === undefined) accepted.push(bit);
    }
    expect(accepted).toEqual([]);
    expect(verifying(jws)).toBeUndefined();
  });

  it('is refused cut off anywhere, and with anything added', () => {
    for (let length = 0; length < jws.length; length += 1) {
      expect(verifying(jws.slice(0, length))).toBeDefined();
    }
    for (const more of ['A', 'AAAA', '=', '.', '\n', ' ', '\0', '\uFEFF']) {
      expect([verifying(jws + more), verifying(more + jws)]).not.toContain(undefined);
    }
  });

  it('is refused with the signature of another key under the same id', () => {
    expect(verifying(signLicense({ ...claims, edition: 'flagship' }, { ...stranger, kid: key.kid }))).toBe(
      'SIGNATURE_INVALID',
    );
  });

  it('is refused with the payload or the header of another license of the same vendor', () => {
    const [header, payload, signature] = signLicense({ ...claims, edition: 'flagship' }, key).split('.');
    const [, , otherSignature] = jws.split('.');
    expect(verifying(`${header}.${payload}.${signature}`)).toBeUndefined();
    expect(verifying(`${header}.${payload}.${otherSignature}`)).toBe('SIGNATURE_INVALID');
    const reordered = encodePart(JSON.stringify({ typ: 'license+jwt', kid: key.kid, alg: 'PS256' }));
    expect(verifying(`${reordered}.${payload}.${signature}`)).toBe('SIGNATURE_INVALID');
  });

  it.each([0, 20, 31, 33, 64, 222])('is refused with a PSS salt of %d bytes', (saltLength) => {
    const { padding } = signatureParameters.PS256;
    expect(verifying(forge(claims, { parameters: { padding, saltLength: 32 } }))).toBeUndefined();
    expect(verifying(forge(claims, { parameters: { padding, saltLength } }))).toBe('SIGNATURE_INVALID');
  });

  it('is refused when RS256 signed it and the key is for PS256, whatever the header says', () => {
    const parameters = signatureParameters.RS256;
    expect(verifying(forge(claims, { header: { alg: 'RS256' }, parameters }))).toBe('ALGORITHM_REFUSED');
    expect(verifying(forge(claims, { parameters }))).toBe('SIGNATURE_INVALID');
  });

  it('is refused when PS256 signed it and the key is for RS256, whatever the header says', () => {
    const ring = TrustedKeyRing.from({ ...publicJwk(key), alg: 'RS256' });
    const header = { alg: 'RS256' };
    expect(verifying(forge(claims, { header, parameters: signatureParameters.RS256 }), ring)).toBeUndefined();
    expect(verifying(jws, ring)).toBe('ALGORITHM_REFUSED');
    expect(verifying(forge(claims, { header }), ring)).toBe('SIGNATURE_INVALID');
  });

  it('is refused without a signature, and signed with the public key as a secret', () => {
    const unsigned = (alg: string) =>
      `${encodePart(asText({ alg, kid: key.kid, typ: 'license+jwt' }))}.${encodePart(asText(claims))}`;
    expect(verifying(`${unsigned('none')}.`)).toBe('ALGORITHM_REFUSED');
    expect(verifying(`${unsigned('PS256')}.`)).toBe('SIGNATURE_INVALID');
    const secret = Buffer.from(publicJwk(key).n, 'base64url');
    const mac = createHmac('sha256', secret).update(unsigned('HS256')).digest('base64url');
    expect(verifying(`${unsigned('HS256')}.${mac}`)).toBe('ALGORITHM_REFUSED');
  });

  it.each(['__proto__', 'constructor', 'toString', 'size', 'find', '0', 'vendor'])(
    'is refused under the key id %s, which nobody trusts',
    (kid) => {
      expect(verifying(forge(claims, { header: { kid } }))).toBe('KEY_UNKNOWN');
    },
  );

  it('is refused with its own key in the header', () => {
    const header = { jwk: publicJwk(stranger) };
    expect(verifying(forge(claims, { header, privateKey: stranger.privateKey }))).toBe('HEADER_REFUSED');
  });

  it('is never read before its signature was verified', () => {
    const privateKey = stranger.privateKey;
    for (const payload of ['not JSON', { v: 2 }, {}]) {
      expect(verifying(forge(payload, { privateKey }))).toBe('SIGNATURE_INVALID');
    }
  });

  it.each<[string, unknown, string]>([
    ['a name twice', asText(claims).replace('{', '{"edition":"flagship",'), 'MALFORMED'],
    ['a byte-order mark', `\uFEFF${asText(claims)}`, 'MALFORMED'],
    ['a string of 257 characters', { ...claims, note: 'x'.repeat(257) }, 'MALFORMED'],
    ['a name of 257 characters', { ...claims, features: { ['x'.repeat(257)]: true } }, 'MALFORMED'],
    ['nine levels', { ...claims, note: [[[[[[[[]]]]]]]] }, 'MALFORMED'],
    ['a serial beyond 2^53', asText(claims).replace('"serial":7', '"serial":9007199254740993'), 'MALFORMED'],
    ['an endless date', asText(claims).replace('"exp":1900000000', '"exp":1e400'), 'MALFORMED'],
    ['a list', [claims], 'MALFORMED'],
    ['nothing', '', 'MALFORMED'],
    ['version 2', { ...claims, v: 2 }, 'VERSION_UNSUPPORTED'],
    ['a bad claim', { ...claims, edition: '' }, 'CLAIMS_INVALID'],
  ])('is refused, though the vendor signed it, with %s', (_, payload, code) => {
    expect(verifying(forge(payload))).toBe(code);
  });

  it('may be 32 KiB and not a byte more', () => {
    // Base64url has no length of 4n + 1, so of three sizes in a row one ends exactly at the limit.
    const sized = (bytes: number) => forge(asText(claims).padEnd(bytes));
    const limit = 32 * 1024;
    const payloadRoom = limit - sized(0).length + encodePart(asText(claims)).length;
    const fits = Math.floor((payloadRoom / 4) * 3);
    expect(limit - sized(fits).length).toBeLessThanOrEqual(1);
    expect(verifying(sized(fits))).toBeUndefined();
    expect(sized(fits + 1).length - limit).toBeLessThanOrEqual(2);
    expect(verifying(sized(fits + 1))).toBe('TOO_LARGE');
  });

  it('is refused with a message that holds neither the token nor the customer', () => {
    const [header = '', payload = '', signature = ''] = jws.split('.');
    for (const text of [`${header}.${payload}.AA`, `${header}.${payload}`, forge({ ...claims, iat: -1 })]) {
      const message = refusalOf(() => verifySignedLicense(text, keys))?.message ?? '';
      expect(message).not.toBe('');
      for (const part of [header, payload, signature, 'Secret Customer']) expect(message).not.toContain(part);
    }
  });
});
