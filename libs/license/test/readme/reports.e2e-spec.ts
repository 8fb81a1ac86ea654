import type { INestApplication } from '@nestjs/common';
import { licenseOf, LicenseTestingModule, overrideLicense } from '@latchkey/license/testing';
import { Test } from '@nestjs/testing';

import { AppModule } from './app.module.js';

describe('the forecast', () => {
  let app: INestApplication;
  afterEach(() => app.close());

  it('comes with the license, and goes with it', async () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const license = LicenseTestingModule.licensed({ features: { forecast: true } });
    app = (await overrideLicense(builder, license).compile()).createNestApplication();
    await app.listen(0, '127.0.0.1');
    const forecast = async () => (await fetch(`${await app.getUrl()}/reports/forecast`)).status;
    expect(await forecast()).toBe(200);
    licenseOf(app).revoke();
    expect(await forecast()).toBe(402);
  });
});
