import { LicenseError } from './errors.js';
import { frozenRecord } from './records.js';

describe('a frozen record', () => {
  it('holds what it was given and inherits nothing', () => {
    const record = frozenRecord<number>({ a: 1 });
    expect(Object.getPrototypeOf(record)).toBeNull();
    expect([record['a'], record['constructor'], 'toString' in record]).toEqual([1, undefined, false]);
  });

  it('keeps a name such as __proto__ as a name', () => {
    const record = frozenRecord(
      JSON.parse('{"__proto__":{"a":1},"constructor":2}') as Record<string, unknown>,
    );
    expect(Object.keys(record)).toEqual(['__proto__', 'constructor']);
    expect([Object.getPrototypeOf(record), record['a']]).toEqual([null, undefined]);
  });

  it('is a copy that nobody can change', () => {
    const original = { a: 1 };
    const record = frozenRecord(original);
    original.a = 2;
    expect(record['a']).toBe(1);
    expect(() => Object.assign(record, { a: 3 })).toThrow(TypeError);
    expect(() => Object.assign(record, { b: 3 })).toThrow(TypeError);
  });
});

describe('a license error', () => {
  it('is an error with a code, a cause and the single problems', () => {
    const cause = new Error('below');
    const problems = ['serial: expected a whole number'];
    const error = new LicenseError('CLAIMS_INVALID', 'license claims', { cause, problems });
    problems.push('added later');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'LicenseError',
      code: 'CLAIMS_INVALID',
      message: 'license claims',
      cause,
    });
    expect(error.problems).toEqual(['serial: expected a whole number']);
    expect(error.stack).toContain('LicenseError: license claims');
  });

  it('has no cause and no problems unless it was given some', () => {
    const error = new LicenseError('EXPIRED', 'over');
    expect('cause' in error).toBe(false);
    expect(error.problems).toEqual([]);
  });
});
