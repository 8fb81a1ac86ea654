import * as fc from 'fast-check';

import type { LicenseClaims } from '../protocol/claims.js';
import { verifySignedLicense, verifySignedRevocation } from '../protocol/signed-license.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { exportSigningKey, generateSigningKey, publicJwk, readSigningKey, type SigningKey } from './keys.js';
import { signLicense, signRevocation } from './sign.js';

const claims: LicenseClaims = {
  v: 1,
  iss: 'example-vendor',
  sub: 'customer-1',
  aud: 'agent-os',
  jti: 'lic-1',
  serial: 7,
  iat: 1_800_000_000,
  exp: 1_900_000_000,
  edition: 'enterprise',
  features: {},
  limits: {},
};

let key: SigningKey;
let keys: TrustedKeyRing;
beforeAll(async () => {
  key = await generateSigningKey(2048);
  keys = TrustedKeyRing.from({ ...publicJwk(key) });
});

const signing = (changes: Record<string, unknown>) =>
  codeOf(() => signLicense({ ...claims, ...changes }, key));

describe('signing a license', () => {
  it('writes the claims as they were given, other claims included', () => {
    const [header = '', payload = ''] = signLicense({ ...claims, note: 'x' } as LicenseClaims, key).split(
      '.',
    );
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'PS256',
      kid: key.kid,
      typ: 'license+jwt',
    });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ ...claims, note: 'x' });
  });

  it('uses the algorithm of the key', () => {
    const rs256 = readSigningKey(exportSigningKey(key), 'older', 'RS256');
    const ring = TrustedKeyRing.from({ ...publicJwk(rs256) });
    expect(verifySignedLicense(signLicense(claims, rs256), ring).kid).toBe('older');
    expect(codeOf(() => verifySignedLicense(signLicense(claims, { ...rs256, alg: 'PS256' }), ring))).toBe(
      'ALGORITHM_REFUSED',
    );
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a missing claim', { iss: undefined }, 'CLAIMS_INVALID'],
    ['both ends', { perpetual: true }, 'CLAIMS_INVALID'],
    ['a number that JSON does not have', { limits: { users: Number.NaN } }, 'CLAIMS_INVALID'],
    ['a serial that is not safe', { serial: 2 ** 53 }, 'MALFORMED'],
    ['a string of 257 characters', { sub: 'x'.repeat(257) }, 'MALFORMED'],
    ['half a character', { sub: '\ud800' }, 'MALFORMED'],
    ['nine levels', { note: [[[[[[[[]]]]]]]] }, 'MALFORMED'],
    ['another version', { v: 2 }, 'VERSION_UNSUPPORTED'],
    ['more than 32 KiB', { notes: Array.from({ length: 200 }, () => 'x'.repeat(200)) }, 'TOO_LARGE'],
  ])('is refused with %s, because every reader would refuse it', (_, changes, code) => {
    expect(signing({})).toBeUndefined();
    expect(signing(changes)).toBe(code);
  });

  it('is refused with all bad fields at once', () => {
    const bad = { v: 1, serial: 0 } as unknown as LicenseClaims;
    expect(refusalOf(() => signLicense(bad, key))?.problems.length).toBeGreaterThanOrEqual(9);
  });

  it('gives what every reader takes, or is refused', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.integer(), fc.string({ unit: 'binary' }));
    const changes = fc.dictionary(
      fc.constantFrom(...Object.keys(claims), 'nbf', 'license_expires', 'note'),
      value,
    );
    fc.assert(
      fc.property(changes, (some) => {
        let jws: string | undefined;
        const refusal = refusalOf(() => (jws = signLicense({ ...claims, ...some }, key)));
        const reader = refusalOf(() => jws !== undefined && verifySignedLicense(jws, keys));
        expect([reader, jws === undefined]).toEqual([undefined, refusal !== undefined]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('signing a revocation list', () => {
  const list = { v: 1, iss: 'example-vendor', iat: 1_800_000_000, serial: 1, revoked: ['lic-1'] } as const;

  it('gives a list that verifies', () => {
    expect(verifySignedRevocation(signRevocation(list, key), keys).revoked).toEqual(new Set(['lic-1']));
  });

  it('is refused when a reader would refuse it', () => {
    expect(codeOf(() => signRevocation({ ...list, serial: 0 }, key))).toBe('CLAIMS_INVALID');
    const revoked = Array.from({ length: 512 }, (_, i) => `${i}`.padEnd(100, 'x'));
    expect(codeOf(() => signRevocation({ ...list, revoked }, key))).toBe('TOO_LARGE');
  });
});
