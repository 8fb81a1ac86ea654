import type { DynamicModule, INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { licenseMatchers, LicenseTestingModule } from '@latchkey/license/testing';

import { ReportsController } from './reports.module.js';

expect.extend(licenseMatchers);

describe('reports', () => {
  let app: INestApplication;
  afterEach(() => app.close());

  async function start(license: DynamicModule): Promise<string> {
    const module = await Test.createTestingModule({
      imports: [license],
      controllers: [ReportsController],
    }).compile();
    app = module.createNestApplication();
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  }

  it('are listed with the feature', async () => {
    const url = await start(LicenseTestingModule.licensed({ features: { reports: true } }));
    const response = await fetch(`${url}/reports`);
    expect(response.status).toBe(200);
  });

  it('are refused without a license', async () => {
    const url = await start(LicenseTestingModule.community());
    const response = await fetch(`${url}/reports`);
    expect(response.status).toBe(402);
    expect(await response.json()).toBeRefusedWith('LICENSE_FEATURE_REQUIRED');
  });
});
