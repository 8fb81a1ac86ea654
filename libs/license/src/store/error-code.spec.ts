import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

import { errorCodeOf } from './error-code.js';

const thrownBy = (task: () => unknown): unknown => {
  try {
    return task();
  } catch (error) {
    return error;
  }
};

describe('the code of an error', () => {
  it('is the one that Node gives it', () => {
    expect(errorCodeOf(thrownBy(() => readFileSync('/no/such/file')))).toBe('ENOENT');
  });

  it('is that of the operating system, where Node does not know it', () => {
    const errno = -constants.errno.EDQUOT;
    expect(errorCodeOf({ errno, code: `Unknown system error ${errno}` })).toBe('EDQUOT');
  });

  it('is what Node says when nobody knows it, and never missing', () => {
    expect(errorCodeOf({ errno: -9999, code: 'Unknown system error -9999' })).toBe(
      'Unknown system error -9999',
    );
    expect(errorCodeOf(new Error('a bug'))).toBe('unknown error');
  });
});
