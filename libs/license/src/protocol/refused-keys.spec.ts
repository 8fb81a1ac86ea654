import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import * as fc from 'fast-check';

import { exportSigningKey, generateSigningKey, publicJwk, type SigningKey } from '../issuing/keys.js';
import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { TrustedKeyRing, type JsonWebKeyInput, type TrustedKeyInput } from './trusted-keys.js';

// The label is what is looked at; to make a real one takes a tool.
const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

let one: SigningKey;
let two: SigningKey;
let spki: string;
let bareJwk: { kty: 'RSA'; n: string; e: string };
beforeAll(async () => {
  [one, two] = await Promise.all([generateSigningKey(2048), generateSigningKey(2048)]);
  const { kty, n, e } = publicJwk(one);
  bareJwk = { kty, n, e };
  spki = pem(createPublicKey(one.privateKey));
});

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }) as string;
const from = (input: unknown) => TrustedKeyRing.from(input as TrustedKeyInput);
const refusing = (input: unknown) => refusalOf(() => from(input));

describe('trusted keys', () => {
  it.each([
    ['1, with which every signature is valid', 'AQ', 'found 1'],
    ['3', 'Aw', 'found 3'],
    ['65539', 'AQAD', 'found 65539'],
    ['2^32 + 1', 'AQAAAAE', 'found 4294967297'],
  ])('are refused with the exponent %s', (_, e, found) => {
    expect(refusing({ ...bareJwk, e })).toMatchObject({
      code: 'KEY_REFUSED',
      message: expect.stringContaining(found),
    });
    const asPem = createPublicKey({ key: { ...bareJwk, e }, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    expect(refusing(asPem)?.message).toContain(found);
  });

  it('are refused when they are private, in every form, and the key is not repeated', () => {
    const { privateKey } = one;
    const jwk = privateKey.export({ format: 'jwk' });
    const forms = [
      exportSigningKey(one),
      privateKey.export({ type: 'pkcs1', format: 'pem' }),
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
      privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
      `${pem(createPublicKey(two.privateKey))}${exportSigningKey(one)}`,
      exportSigningKey(one).slice(0, 200),
      jwk,
      JSON.stringify(jwk),
      { keys: [publicJwk(two), jwk] },
      [pem(createPublicKey(two.privateKey)), jwk],
      { ...bareJwk, p: jwk.p },
      { ...bareJwk, d: jwk.d },
    ];
    for (const form of forms) {
      const refusal = refusing(form);
      expect(refusal).toMatchObject({
        code: 'KEY_REFUSED',
        message: expect.stringContaining('found a private one'),
      });
      expect(refusal?.message).not.toContain(jwk.d?.slice(0, 16));
    }
  });

  it('are refused when they are no RSA keys', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const ed = generateKeyPairSync('ed25519').publicKey;
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey;
    expect(refusing(pem(ec))?.message).toContain('expected an RSA key, found ec');
    expect(refusing(pem(ed))?.message).toContain('expected an RSA key, found ed25519');
    expect(refusing(pem(pss))?.message).toContain('expected an RSA key, found rsa-pss');
    expect(refusing(ec.export({ format: 'jwk' }))?.message).toContain('"kty": "EC"');
    expect(refusing(ed.export({ format: 'jwk' }))?.message).toContain('"kty": "OKP"');
    expect(refusing({ kty: 'oct', k: 'AAEC' })?.code).toBe('KEY_REFUSED');
    expect(refusing({ keys: [{}] })?.code).toBe('KEY_REFUSED');
  });

  it.each<[string, JsonWebKeyInput]>([
    ['alg HS256', { alg: 'HS256' }],
    ['alg none', { alg: 'none' }],
    ['alg PS512', { alg: 'PS512' }],
    ['alg null', { alg: null }],
    ['use enc', { use: 'enc' }],
    ['an empty kid', { kid: '' }],
    ['a kid with a blank', { kid: 'a b' }],
    ['a kid that is a number', { kid: 1 }],
    ['a kid of 65 characters', { kid: 'k'.repeat(65) }],
    ['a modulus that is none', { n: '' }],
    ['no exponent', { e: undefined }],
    ['a beginning before 1970', { nbf: -1 }],
    ['an end that is text', { exp: '2027-01-01' }],
    ['an end in parts of a second', { exp: 1.5 }],
    ['an end that is null', { exp: null }],
  ])('are refused with %s', (_, changes) => {
    expect(refusing({ ...bareJwk, ...changes })?.code).toBe('KEY_REFUSED');
  });

  it.each(['kty', 'alg', 'use'])(
    'are refused with a message that repeats a short %s, and no other',
    (member) => {
      expect(refusing({ ...bareJwk, [member]: 'odd' })?.message).toContain('"odd"');
      for (const value of ['x'.repeat(17), 'x'.repeat(100_000), ['odd'], null]) {
        const message = refusing({ ...bareJwk, [member]: value })?.message ?? '';
        expect(message).toContain('something else');
        expect(message.length).toBeLessThan(80);
      }
    },
  );

  it('are refused when an id or a key occurs twice, under whatever id or algorithm', () => {
    for (const input of [
      [spki, spki],
      [spki, bareJwk],
      `${spki}${spki}`,
      [{ ...publicJwk(two), kid: one.kid }, spki],
      [
        { ...bareJwk, kid: 'a', alg: 'PS256' },
        { ...bareJwk, kid: 'b', alg: 'RS256' },
      ],
    ]) {
      expect(refusing(input)?.message).toContain('occurs twice');
    }
  });

  it('are refused when there are none, or the text is something else', () => {
    const inputs = [
      '',
      ' ',
      '[]',
      'ssh-rsa AAAA',
      [],
      {},
      { keys: [] },
      [[]],
      null,
      5,
      { keys: ['x'] },
      certificate,
    ];
    for (const input of inputs) expect(refusing(input)?.code).toBe('KEY_REFUSED');
    expect(refusing(certificate)?.message).toContain('found "CERTIFICATE"');
    expect(refusing(spki.replaceAll(/^[^-]+$/gm, 'AAAA'))?.message).toContain('cannot be read');
  });

  it('are refused when one of several PEMs is cut off, instead of being forgotten', () => {
    expect(refusing(`${spki}${pem(createPublicKey(two.privateKey)).slice(0, 200)}`)?.message).toContain(
      'cut off',
    );
    expect(refusing(spki.slice(0, 200))?.message).toContain('cut off');
  });

  it('are refused in text that is not strict JSON', () => {
    const { n, e } = bareJwk;
    for (const text of ['{', `{"kty":"RSA","n":"${n}","e":"AQ","e":"${e}"}`]) {
      expect(codeOf(() => from(text))).toBe('MALFORMED');
    }
  });

  it('throw nothing but refusals, whatever the input', () => {
    const member = fc.constantFrom('kty', 'n', 'e', 'd', 'alg', 'kid', 'use', 'keys');
    const value = fc.oneof(fc.constantFrom('RSA', 'AQAB', 'PS256'), fc.jsonValue({ maxDepth: 2 }));
    const input = fc.oneof(fc.string(), fc.dictionary(member, value), fc.jsonValue());
    fc.assert(fc.property(input, (anything) => refusing(anything) !== undefined));
  });
});
