import * as fc from 'fast-check';

import { generateSigningKey, publicJwk, type SigningKey } from '../issuing/keys.js';
import { signLicense, signRevocation } from '../issuing/sign.js';
import { refusalOf } from '../testing/throws-with-code.js';
import type { LicenseClaims } from './claims.js';
import { readUnverifiedLicense, verifySignedLicense, verifySignedRevocation } from './signed-license.js';
import { TrustedKeyRing } from './trusted-keys.js';

const claims: LicenseClaims = {
  v: 1,
  iss: 'example-vendor',
  sub: 'customer-1',
  customer: { name: 'Beispiel & Söhne' },
  aud: 'agent-os',
  jti: 'lic-1',
  serial: 7,
  iat: 1_800_000_000,
  exp: 1_900_000_000,
  edition: 'enterprise',
  features: { workflow: true },
  limits: { users: 500 },
};

let key: SigningKey;
let keys: TrustedKeyRing;
beforeAll(async () => {
  key = await generateSigningKey(2048);
  keys = TrustedKeyRing.from({ ...publicJwk(key) });
});

const verified = (changes: Partial<LicenseClaims>) =>
  verifySignedLicense(signLicense({ ...claims, ...changes }, key), keys).license;

describe('a signed license', () => {
  it('is handed over with the exact text that was signed', () => {
    const jws = signLicense(claims, key);
    expect(verifySignedLicense(jws, keys)).toMatchObject({ jws, kid: key.kid });
  });

  it('reads as a license with plain names and milliseconds', () => {
    const license = verified({
      nbf: 1_810_000_000,
      license_expires: 1_890_000_000,
      deployments: ['prod', 'test'],
      trial: true,
      non_production: true,
    });
    expect({ ...license, features: { ...license.features }, limits: { ...license.limits } }).toEqual({
      id: 'lic-1',
      issuer: 'example-vendor',
      product: 'agent-os',
      customer: { id: 'customer-1', name: 'Beispiel & Söhne' },
      serial: 7,
      issuedAtMs: 1_800_000_000_000,
      notBeforeMs: 1_810_000_000_000,
      softEndMs: 1_890_000_000_000,
      hardEndMs: 1_900_000_000_000,
      edition: 'enterprise',
      features: { workflow: true },
      limits: { users: 500 },
      deployments: ['prod', 'test'],
      trial: true,
      nonProduction: true,
    });
  });

  it('that says less reads with defaults that take nothing away', () => {
    const { customer: _, ...rest } = claims;
    const { license } = verifySignedLicense(signLicense(rest, key), keys);
    expect(license).toMatchObject({
      customer: { id: 'customer-1', name: null },
      notBeforeMs: -Infinity,
      softEndMs: 1_900_000_000_000,
      deployments: null,
      trial: false,
      nonProduction: false,
    });
  });

  it('without an end never ends', () => {
    const { exp: _, ...rest } = claims;
    const { license } = verifySignedLicense(signLicense({ ...rest, perpetual: true }, key), keys);
    expect([license.softEndMs, license.hardEndMs]).toEqual([Infinity, Infinity]);
  });

  it('does not license a feature called constructor by accident, nor lose one on purpose', () => {
    const { features, limits } = verified({});
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect([name in features, name in limits, features[name]]).toEqual([false, false, undefined]);
    }
    const odd = JSON.parse('{"__proto__":"gold","constructor":true}') as Record<string, true>;
    const counts = JSON.parse('{"__proto__":3,"constructor":4}') as Record<string, number>;
    const named = verified({ features: odd, limits: counts });
    expect(Object.entries(named.features)).toEqual([
      ['__proto__', 'gold'],
      ['constructor', true],
    ]);
    expect(Object.entries(named.limits)).toEqual([
      ['__proto__', 3],
      ['constructor', 4],
    ]);
  });

  it('cannot be changed by whoever holds it', () => {
    const signed = verifySignedLicense(signLicense({ ...claims, deployments: ['prod'] }, key), keys);
    const { license } = signed;
    const parts = [signed, license, license.features, license.limits, license.customer, license.deployments];
    expect(parts.map((part) => Object.isFrozen(part))).toEqual(parts.map(() => true));
  });

  it('carries features and limits of any name and value through signing and verifying', () => {
    const name = fc.string({ minLength: 1, maxLength: 80, unit: 'binary' });
    const feature = fc.oneof(fc.constant(true as const), fc.string({ maxLength: 80 }), fc.integer());
    const maps = fc.record({
      features: fc.dictionary(name, feature, { maxKeys: 8 }),
      limits: fc.dictionary(name, fc.oneof(fc.constant(-1), fc.maxSafeNat()), { maxKeys: 8 }),
    });
    fc.assert(
      fc.property(maps, ({ features, limits }) => {
        const license = verified({ features, limits });
        expect(Object.entries(license.features)).toEqual(Object.entries(features));
        expect(Object.entries(license.limits)).toEqual(Object.entries(limits));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a signed revocation list', () => {
  it('is read, and is no license; nor is a license a revocation list', () => {
    const list = { v: 1, iss: 'example-vendor', iat: 1_800_000_000, serial: 3, revoked: ['lic-1'] } as const;
    const jws = signRevocation(list, key);
    expect(verifySignedRevocation(jws, keys)).toEqual({
      jws,
      kid: key.kid,
      issuer: 'example-vendor',
      serial: 3,
      issuedAtMs: 1_800_000_000_000,
      revoked: new Set(['lic-1']),
    });
    expect(refusalOf(() => verifySignedLicense(jws, keys))?.code).toBe('TYPE_REFUSED');
    expect(refusalOf(() => verifySignedRevocation(signLicense(claims, key), keys))?.code).toBe(
      'TYPE_REFUSED',
    );
  });
});

describe('a key with a time of service', () => {
  const { iat } = claims;
  const codeUnder = (stated: object) => {
    const ring = TrustedKeyRing.from({ ...publicJwk(key), ...stated });
    const list = { v: 1, iss: 'example-vendor', iat, serial: 1, revoked: [] } as const;
    const license = refusalOf(() => verifySignedLicense(signLicense(claims, key), ring))?.code;
    const revocation = refusalOf(() => verifySignedRevocation(signRevocation(list, key), ring))?.code;
    expect(revocation).toBe(license);
    return license;
  };

  it('vouches for what was issued in it, also when it is retired by now', () => {
    expect(codeUnder({ nbf: iat, exp: iat + 1 })).toBeUndefined();
    expect(codeUnder({ nbf: iat })).toBeUndefined();
    expect(codeUnder({ exp: iat + 1 })).toBeUndefined();
  });

  it('vouches for nothing issued before or after it', () => {
    expect(codeUnder({ nbf: iat + 1 })).toBe('KEY_NOT_IN_SERVICE');
    expect(codeUnder({ exp: iat })).toBe('KEY_NOT_IN_SERVICE');
  });
});

describe('a license read without its signature', () => {
  it('shows what it says and who claims to have signed it', async () => {
    const stranger = await generateSigningKey(2048);
    const { kid, alg, license } = readUnverifiedLicense(signLicense(claims, stranger));
    expect([kid, alg, license.id]).toEqual([stranger.kid, 'PS256', 'lic-1']);
  });

  it('still has to have the form of one, signature included', () => {
    const [header, payload, signature] = signLicense(claims, key).split('.');
    for (const broken of [
      `${header}.${payload}`,
      `${header}.${payload}.${signature}=`,
      `${header}.e30 .AA`,
    ]) {
      expect(refusalOf(() => readUnverifiedLicense(broken))?.code).toBe('MALFORMED');
    }
    expect(refusalOf(() => readUnverifiedLicense(`${header}.e30.AA`))?.code).toBe('CLAIMS_INVALID');
  });
});
