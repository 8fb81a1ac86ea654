import * as fc from 'fast-check';

import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { assertLicenseClaims, assertRevocationClaims } from './claims.js';

const valid = {
  v: 1,
  iss: 'example-vendor',
  sub: 'customer-1',
  aud: 'agent-os',
  jti: 'lic-1',
  serial: 7,
  iat: 1_800_000_000,
  exp: 1_900_000_000,
  edition: 'enterprise',
  features: { workflow: true, tier: 'gold', seats: 5 },
  limits: { users: 500, apps: -1 },
};
const perpetual = { ...without('exp'), perpetual: true };
const lastSecond = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

function without(name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(valid).filter(([member]) => member !== name));
}

/** The names of the fields that are complained about. */
function badFields(claims: Record<string, unknown>): string[] {
  const refusal = refusalOf(() => assertLicenseClaims(claims));
  return (refusal?.problems ?? []).map((problem) => problem.split(':')[0] ?? '');
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `name-${i}`);
const entries = (count: number, value: unknown) => Object.fromEntries(names(count).map((n) => [n, value]));

describe('the claims of a license', () => {
  it.each<[string, Record<string, unknown>]>([
    ['with everything required', valid],
    [
      'with everything optional',
      { ...valid, nbf: 0, license_expires: 1_900_000_000, trial: true, non_production: false },
    ],
    ['without an end', perpetual],
    ['of the edition community: a downgrade on purpose', { ...valid, edition: 'community' }],
    ['with no features and no limits', { ...valid, features: {}, limits: {} }],
    [
      'with 512 features, limits and deployments',
      { ...valid, features: entries(512, true), limits: entries(512, 0), deployments: names(512) },
    ],
    [
      'with the largest numbers',
      { ...valid, serial: Number.MAX_SAFE_INTEGER, iat: lastSecond, exp: lastSecond },
    ],
    [
      'with a customer, and more about it',
      { ...valid, customer: { name: 'Beispiel & Söhne', country: 'DE' } },
    ],
    ['with claims nobody knows', { ...valid, note: 'x', nested: { deep: [1] } }],
    [
      'with a feature that has an empty, zero or negative value',
      { ...valid, features: { a: '', b: 0, c: -1.5 } },
    ],
  ])('are taken %s', (_, claims) => {
    expect(refusalOf(() => assertLicenseClaims(claims))).toBeUndefined();
  });

  it.each(['v', 'iss', 'sub', 'aud', 'jti', 'serial', 'iat', 'exp', 'edition', 'features', 'limits'])(
    'are refused without %s',
    (name) => {
      expect(badFields(without(name))).toEqual([name]);
    },
  );

  const noText = ['', 1, true, null, ['x'], { name: 'x' }];
  const noSeconds = [-1, 1.5, '1800000000', null, lastSecond + 1, [1]];
  it.each<[string, readonly unknown[]]>([
    ['v', ['1', null, true, [1]]],
    ['iss', noText],
    ['sub', noText],
    ['aud', [...noText, ['agent-os']]],
    ['jti', noText],
    ['edition', noText],
    ['customer', ['Example', null, [], {}, { name: '' }, { name: 1 }]],
    ['serial', [0, -1, 1.5, '7', null, 2 ** 53]],
    ['iat', noSeconds],
    ['nbf', noSeconds],
    ['exp', noSeconds],
    ['license_expires', [-1, 1.5, '1800000000', null]],
    ['features', [null, [], 'workflow', 1, entries(513, true), { '': true }]],
    ['limits', [null, [], 500, entries(513, 1), { '': 1 }]],
    ['deployments', [null, 'prod', {}, [1], [''], ['a', null], names(513)]],
    ['trial', ['true', 1, 0, null]],
    ['non_production', ['false', 1, null]],
  ])('are refused with a bad %s, naming it', (name, values) => {
    for (const value of values) expect(badFields({ ...valid, [name]: value })).toEqual([name]);
  });

  it('name every single feature and limit that is bad', () => {
    const features = { good: true, off: false, none: null, list: ['x'], map: {} };
    const limits = { good: 0, unlimited: -1, below: -2, half: 0.5, text: '5', none: null };
    expect(badFields({ ...valid, features, limits }).join(' ')).toBe(
      'features.off features.none features.list features.map limits.below limits.half limits.text limits.none',
    );
  });

  it('name all bad fields at once, in the message too', () => {
    const refusal = refusalOf(() => assertLicenseClaims({ v: 1, trial: 'yes', features: { a: false } }));
    const fields = 'iss sub aud jti edition serial iat exp features.a limits trial'.split(' ');
    expect(refusal?.code).toBe('CLAIMS_INVALID');
    expect(refusal?.problems.map((problem) => problem.split(':')[0])).toEqual(fields);
    for (const problem of refusal?.problems ?? []) expect(refusal?.message).toContain(problem);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['both exp and perpetual', { ...valid, perpetual: true }, ['exp']],
    ['neither', without('exp'), ['exp']],
    ['perpetual: false beside exp', { ...valid, perpetual: false }, ['perpetual', 'exp']],
    ['perpetual: "true"', { ...without('exp'), perpetual: 'true' }, ['perpetual']],
    ['a soft end after the hard one', { ...valid, license_expires: 1_900_000_001 }, ['license_expires']],
    ['a soft end of a perpetual license', { ...perpetual, license_expires: 1 }, ['license_expires']],
  ])('are refused with %s', (_, claims, fields) => {
    expect(badFields(claims)).toEqual(fields);
  });

  it('of another version are refused for that alone, with what to do', () => {
    for (const v of [2, 0, -1, 1.5]) {
      expect(refusalOf(() => assertLicenseClaims({ v, everything: 'else' }))).toMatchObject({
        code: 'VERSION_UNSUPPORTED',
        message: expect.stringContaining('upgrade the library'),
        problems: [],
      });
    }
  });

  it('are not completed from the prototype', () => {
    const { exp, ...rest } = valid;
    expect(badFields(JSON.parse(`{"__proto__":{"exp":${exp}},${JSON.stringify(rest).slice(1)}`))).toEqual([
      'exp',
    ]);
  });

  it('judge features and limits called like inherited members by their value alone', () => {
    const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const map = (value: string) =>
      JSON.parse(`{${odd.map((name) => `"${name}":${value}`).join()}}`) as unknown;
    expect(badFields({ ...valid, features: map('true'), limits: map('5') })).toEqual([]);
    expect(badFields({ ...valid, features: map('false') })).toEqual(odd.map((name) => `features.${name}`));
  });

  it('throw nothing but refusals, whatever stands in one field', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(valid)), fc.jsonValue(), (name, value) => {
        const code = codeOf(() => assertLicenseClaims({ ...valid, [name]: value }));
        expect(['CLAIMS_INVALID', 'VERSION_UNSUPPORTED', undefined]).toContain(code);
      }),
    );
  });
});

describe('the claims of a revocation list', () => {
  const list = { v: 1, iss: 'example-vendor', iat: 1_800_000_000, serial: 1, revoked: ['lic-1'] };

  it('are taken, also when nothing is revoked any more', () => {
    for (const revoked of [['lic-1'], [], names(512)]) {
      expect(codeOf(() => assertRevocationClaims({ ...list, revoked }))).toBeUndefined();
    }
  });

  it('are refused with every bad field named', () => {
    const refusal = refusalOf(() => assertRevocationClaims({ v: 1, serial: 0, iat: -1, revoked: 'lic-1' }));
    expect(refusal?.code).toBe('CLAIMS_INVALID');
    expect(refusal?.problems.map((problem) => problem.split(':')[0])).toEqual([
      'iss',
      'serial',
      'iat',
      'revoked',
    ]);
    for (const revoked of [[''], [1], names(513)]) {
      expect(codeOf(() => assertRevocationClaims({ ...list, revoked }))).toBe('CLAIMS_INVALID');
    }
  });

  it('of another version are refused', () => {
    expect(codeOf(() => assertRevocationClaims({ ...list, v: 2 }))).toBe('VERSION_UNSUPPORTED');
  });
});
