import { expectAllFeaturesGated, LicenseTestingModule, overrideLicense } from '@latchkey/license/testing';
import { Test, type TestingModule } from '@nestjs/testing';

import { AppModule } from './app.module.js';
import { features } from './features.js';

describe('the licensed features of the app', () => {
  let app: TestingModule;

  beforeAll(async () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    app = await overrideLicense(builder, LicenseTestingModule.community()).compile();
    await app.init();
  });
  afterAll(() => app.close());

  it('are all gated', () => {
    expect(() => expectAllFeaturesGated(app, features, { inCode: ['seats'] })).not.toThrow();
  });
});
