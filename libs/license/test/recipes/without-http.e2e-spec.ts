import { Test } from '@nestjs/testing';
import { licenseMatchers, LicenseTestingModule } from '@latchkey/license/testing';

import { ReportsController } from './reports.module.js';

expect.extend(licenseMatchers);

describe('the controller by itself', () => {
  it('creates reports up to the limit', async () => {
    const module = await Test.createTestingModule({
      imports: [LicenseTestingModule.licensed({ limits: { reports: 2 } })],
      controllers: [ReportsController],
    }).compile();
    await module.init(); // licensing starts with the app

    const reports = module.get(ReportsController);
    expect(reports.create()).toBe('created');
    expect(reports.create()).toBe('created');
    expect(() => reports.create()).toThrowWithCode('LICENSE_LIMIT_EXCEEDED');

    await module.close();
  });
});
