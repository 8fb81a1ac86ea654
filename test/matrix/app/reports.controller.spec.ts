import { LicenseTestingModule, licenseMatchers } from '@latchkey/license/testing';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';

import { ReportsController } from './reports.controller.js';

expect.extend(licenseMatchers);

describe('GET /reports', () => {
  let app: INestApplication;
  afterEach(() => app.close());

  async function ask(license: DynamicModule): Promise<Response> {
    const testing = await Test.createTestingModule({
      imports: [license],
      controllers: [ReportsController],
    }).compile();
    app = testing.createNestApplication();
    await app.listen(0, '127.0.0.1');
    return await fetch(`${await app.getUrl()}/reports`);
  }

  it('is refused without a license', async () => {
    const response = await ask(LicenseTestingModule.community());
    expect(response.status).toBe(402);
    expect(await response.json()).toBeRefusedWith('LICENSE_EDITION_REQUIRED');
  });

  it('is answered with an enterprise license', async () => {
    const response = await ask(LicenseTestingModule.licensed());
    expect(response.status).toBe(200);
  });
});
