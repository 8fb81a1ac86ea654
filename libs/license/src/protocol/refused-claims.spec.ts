import { refusalOf } from '../testing/throws-with-code.js';
import { assertLicenseClaims, assertRevocationClaims } from './claims.js';

const names = Array.from({ length: 513 }, (_, index) => `n${index}`);

describe('refused claims', () => {
  it('say of every field of a license what was expected there', () => {
    const refusal = refusalOf(() =>
      assertLicenseClaims({
        v: '1',
        iss: 1,
        sub: '',
        aud: [],
        jti: null,
        edition: {},
        customer: 'x',
        serial: 0,
        iat: -1,
        nbf: 'x',
        exp: 1.5,
        license_expires: 'x',
        perpetual: false,
        features: { '': true, off: false },
        limits: { below: -2 },
        deployments: [1],
        trial: 1,
        non_production: 'x',
      }),
    );
    expect(refusal?.problems).toEqual([
      'v: expected the number 1',
      'iss: expected a non-empty string',
      'sub: expected a non-empty string',
      'aud: expected a non-empty string',
      'jti: expected a non-empty string',
      'edition: expected a non-empty string',
      'customer: expected an object with a name',
      'serial: expected a whole number from 1 to 9007199254740991',
      'iat: expected a whole number from 0 to 253402300799',
      'nbf: expected a whole number from 0 to 253402300799',
      'perpetual: expected true, or to be left out',
      'exp: expected either "exp" or "perpetual": true, and not both',
      'exp: expected a whole number from 0 to 253402300799',
      'license_expires: expected a whole number from 0 to 253402300799',
      'features: expected no empty name',
      'features.off: expected true, a string or a number',
      'limits.below: expected a whole number, 0 or more, or -1 for unlimited',
      'deployments: expected a list of at most 512 non-empty strings',
      'trial: expected true or false',
      'non_production: expected true or false',
    ]);
    expect(refusal?.message).toBe(`license claims: ${refusal?.problems.join('; ')}`);
  });

  it('say so when there are too many of something, or it is no map at all', () => {
    const features = Object.fromEntries(names.map((name) => [name, true]));
    const problems = refusalOf(() => assertLicenseClaims({ v: 1, features, limits: [] }))?.problems ?? [];
    expect(problems).toContain('features: expected at most 512 entries');
    expect(problems).toContain('limits: expected an object');
  });

  it('say so when the soft end is after the hard one', () => {
    const problems = refusalOf(() => assertLicenseClaims({ v: 1, exp: 5, license_expires: 6 }))?.problems;
    expect(problems).toContain('license_expires: expected an "exp" that is not before it');
  });

  it('say of every field of a revocation list what was expected there', () => {
    const refusal = refusalOf(() => assertRevocationClaims({ v: 1, revoked: names }));
    expect(refusal?.message).toBe(
      'revocation list claims: iss: expected a non-empty string; ' +
        'serial: expected a whole number from 1 to 9007199254740991; ' +
        'iat: expected a whole number from 0 to 253402300799; ' +
        'revoked: expected a list of at most 512 non-empty strings',
    );
  });

  it('of another version say which one was found', () => {
    const messageOf = (check: (claims: Record<string, unknown>) => void): string | undefined =>
      refusalOf(() => check({ v: 2 }))?.message;
    const upgrade = 'of version 1, found version 2: upgrade the library to read it';
    expect(messageOf(assertLicenseClaims)).toBe(`expected a license ${upgrade}`);
    expect(messageOf(assertRevocationClaims)).toBe(`expected a revocation list ${upgrade}`);
  });
});
