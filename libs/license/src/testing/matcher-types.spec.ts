import { expect as expectOfJest } from '@jest/globals';

import { LicenseError } from '../core/errors.js';
import { licenseMatchers } from './license-matchers.js';

const expired = (): never => {
  throw new LicenseError('EXPIRED', 'over');
};

// That this file compiles is the better half of the test.
describe('the types of the matchers', () => {
  it('are those of the global expect', async () => {
    expect.extend(licenseMatchers);
    expect(expired).toThrowWithCode('EXPIRED');
    await expect(Promise.reject(new LicenseError('EXPIRED', 'over'))).rejects.toThrowWithCode('EXPIRED');
    // @ts-expect-error no such code
    expect(expired).not.toThrowWithCode('OVER');
  });

  it('and of the one from @jest/globals', async () => {
    expectOfJest.extend(licenseMatchers);
    expectOfJest(expired).toThrowWithCode('EXPIRED');
    await expectOfJest(Promise.reject(new LicenseError('EXPIRED', 'over'))).rejects.toThrowWithCode(
      'EXPIRED',
    );
    // @ts-expect-error no such reason
    expectOfJest(() => expectOfJest({}).toBeCommunity('over')).toThrow(TypeError);
  });
});
