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
    ['2^48 - 1', '________', 'found 281474976710655'],
    ['2^48', 'AQAAAAAAAA', 'found a larger one'],
    ['2^2000', `AQ${'A'.repeat(334)}`, 'found a larger one'],
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
    expect(refusing(pem(ec))).toMatchObject({
      code: 'KEY_REFUSED',
      message: 'expected an RSA key, found ec',
    });
    expect(refusing(pem(ed))?.message).toContain('expected an RSA key, found ed25519');
    expect(refusing(pem(pss))?.message).toContain('expected an RSA key, found rsa-pss');
    expect(refusing(ec.export({ format: 'jwk' }))?.message).toContain('"kty": "EC"');
    expect(refusing(ed.export({ format: 'jwk' }))?.message).toContain('"kty": "OKP"');
    expect(refusing({ kty: 'oct', k: 'AAEC' })?.code).toBe('KEY_REFUSED');
    expect(refusing({ keys: [{}] })?.code).toBe('KEY_REFUSED');
  });

  it.each<[string, JsonWebKeyInput, string]>([
    ['alg HS256', { alg: 'HS256' }, 'expected "alg" PS256 or RS256, found "HS256"'],
    ['alg none', { alg: 'none' }, 'expected "alg" PS256 or RS256, found "none"'],
    ['alg PS512', { alg: 'PS512' }, 'expected "alg" PS256 or RS256, found "PS512"'],
    ['alg null', { alg: null }, 'expected "alg" PS256 or RS256, found something else'],
    ['use enc', { use: 'enc' }, 'expected "use": "sig", found "enc"'],
    ['an empty kid', { kid: '' }, 'expected key ids of 1 to 64 letters, digits or . _ -'],
    ['a kid with a blank', { kid: 'a b' }, 'expected key ids of 1 to 64 letters, digits or . _ -'],
    ['a kid that is a number', { kid: 1 }, 'expected key ids of 1 to 64 letters, digits or . _ -'],
    ['a kid of 65 characters', { kid: 'k'.repeat(65) }, 'expected key ids of 1 to 64 letters'],
    ['a modulus that is none', { n: '' }, 'expected an RSA key of 2048 to 8192 bits, found 0'],
    ['no exponent', { e: undefined }, 'expected a public key, found one that cannot be read'],
    ['a beginning before 1970', { nbf: -1 }, 'expected "nbf" in whole seconds since 1970'],
    ['an end that is text', { exp: '2027-01-01' }, 'expected "exp" in whole seconds since 1970'],
    ['an end in parts of a second', { exp: 1.5 }, 'expected "exp" in whole seconds since 1970'],
    ['an end that is null', { exp: null }, 'expected "exp" in whole seconds since 1970'],
  ])('are refused with %s', (_, changes, message) => {
    expect(refusing({ ...bareJwk, ...changes })).toMatchObject({
      code: 'KEY_REFUSED',
      message: expect.stringContaining(message),
    });
  });

  it.each(['kty', 'alg', 'use'])(
    'are refused with a message that repeats a short %s, and no other',
    (member) => {
      for (const short of ['odd', 'x'.repeat(16)]) {
        expect(refusing({ ...bareJwk, [member]: short })?.message).toContain(`"${short}"`);
      }
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
      expect(refusing(input)).toMatchObject({
        code: 'KEY_REFUSED',
        message: expect.stringContaining('occurs twice'),
      });
    }
  });

  it('are refused when there are none, or the text is something else', () => {
    const neither = 'expected PEM or a JWK Set, found neither';
    const noKey = 'expected at least one public key';
    const inputs: [unknown, string][] = [
      ['', neither],
      [' ', neither],
      ['[]', neither],
      ['ssh-rsa AAAA', neither],
      [[], noKey],
      [{}, 'expected an RSA key, found "kty"'],
      [{ keys: [] }, noKey],
      [[[]], noKey],
      [null, noKey],
      [5, noKey],
      [{ keys: ['x'] }, 'expected a JWK Set'],
      [certificate, 'expected a PEM block "PUBLIC KEY"'],
    ];
    for (const [input, message] of inputs) {
      expect(refusing(input)).toMatchObject({
        code: 'KEY_REFUSED',
        message: expect.stringContaining(message),
      });
    }
    expect(refusing(certificate)?.message).toContain('found "CERTIFICATE"');
    const unreadable = refusing(spki.replaceAll(/^[^-]+$/gm, 'AAAA'));
    expect(unreadable?.message).toContain('cannot be read');
    expect(unreadable?.cause).toBeDefined();
  });

  it('are refused when one of several PEMs is cut off, instead of being forgotten', () => {
    expect(refusing(`${spki}${pem(createPublicKey(two.privateKey)).slice(0, 200)}`)?.message).toContain(
      'cut off',
    );
    expect(refusing(spki.slice(0, 200))).toMatchObject({
      code: 'KEY_REFUSED',
      message: expect.stringContaining('cut off'),
    });
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
