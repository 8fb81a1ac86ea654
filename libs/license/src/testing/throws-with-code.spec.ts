import { LicenseError } from '../core/errors.js';
import { codeOf, refusalOf } from './throws-with-code.js';

describe('the code of what is thrown', () => {
  it('is that of a LicenseError', () => {
    const error = new LicenseError('EXPIRED', 'over');
    const throwing = (): never => {
      throw error;
    };
    expect([refusalOf(throwing), codeOf(throwing)]).toEqual([error, 'EXPIRED']);
  });

  it('is undefined when nothing is thrown', () => {
    expect([refusalOf(() => 1), codeOf(() => 1)]).toEqual([undefined, undefined]);
  });

  it('is not looked for in other errors: those are bugs', () => {
    expect(() => codeOf(() => JSON.parse('{') as unknown)).toThrow(SyntaxError);
  });
});
