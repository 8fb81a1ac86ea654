import { Logger } from '@nestjs/common';

import { CapturedLog } from '../../test/captured-log.js';
import { LicenseTestingModule } from './license-testing.module.js';

describe('a license of the testing kit in production', () => {
  const environment = process.env['NODE_ENV'];
  const log = new CapturedLog();
  beforeEach(() => Logger.overrideLogger(log));
  afterEach(() => {
    Logger.overrideLogger(false);
    process.env['NODE_ENV'] = environment;
  });

  it('is warned of once, and in tests not at all', () => {
    LicenseTestingModule.licensed();
    expect(log.take()).toEqual([]);
    process.env['NODE_ENV'] = 'production';
    LicenseTestingModule.licensed();
    LicenseTestingModule.community();
    expect(log.take()).toEqual([
      expect.stringMatching(
        /^warn: LicenseTestingModule is used with NODE_ENV=production: .* for tests only$/,
      ),
    ]);
  });
});
