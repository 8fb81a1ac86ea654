import { Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';

import { LicenseModule } from '../nest/license.module.js';
import { LicenseService } from '../nest/license.service.js';
import { licenseOf } from './license-of.js';
import { LicenseTestingModule } from './license-testing.module.js';
import { ManualClock } from './manual-clock.js';
import { overrideLicense } from './override-license.js';
import { TestIssuer } from './test-issuer.js';

@Injectable()
class Config {
  readonly licensing = { product: 'crm', community: { limits: { apps: 2 } }, refusal: { status: 403 } };
}

@Module({ providers: [Config], exports: [Config] })
class ConfigModule {}

const appWith = (license: DynamicModule): Type => {
  @Module({ imports: [license] })
  class AppModule {}
  return AppModule;
};

describe('a whole app whose license is replaced', () => {
  let vendor: TestIssuer;
  let module: TestingModule;
  beforeAll(async () => {
    vendor = await TestIssuer.create('crm');
  });
  afterEach(() => module.close());

  const start = async (app: Type, license: DynamicModule): Promise<LicenseService> => {
    module = await overrideLicense(Test.createTestingModule({ imports: [app] }), license).compile();
    module.useLogger(false);
    await module.init();
    return module.get(LicenseService);
  };
  const { licensing } = new Config();
  const waysToImport: [string, () => DynamicModule][] = [
    ['forRoot', () => LicenseModule.forRoot({ ...licensing, trustedKeys: { ...vendor.trustedKeys } })],
    [
      'forRoot and a license in code, of the real vendor',
      () =>
        LicenseModule.forRoot({
          ...licensing,
          trustedKeys: { ...vendor.trustedKeys },
          license: vendor.issue({ edition: 'flagship' }),
        }),
    ],
    [
      'forRootAsync and a factory',
      () =>
        LicenseModule.forRootAsync({
          imports: [ConfigModule],
          inject: [Config],
          useFactory: async (config: Config) => ({
            ...config.licensing,
            trustedKeys: { ...vendor.trustedKeys },
          }),
        }),
    ],
    [
      'forRootAsync and a class',
      () => {
        @Injectable()
        class Options {
          create = () => licensing;
        }
        return LicenseModule.forRootAsync({ useClass: Options });
      },
    ],
  ];

  it.each(waysToImport)('runs with the license of the test, imported with %s', async (_way, imported) => {
    const license = await start(
      appWith(imported()),
      LicenseTestingModule.licensed({ features: { workflow: true } }),
    );
    expect([license.edition, license.hasFeature('workflow')]).toEqual(['enterprise', true]);
    expect(license.status.license?.product).toBe('crm');
  });

  it.each(waysToImport)('keeps what the app decides itself, imported with %s', async (_way, imported) => {
    const license = await start(appWith(imported()), LicenseTestingModule.community());
    expect([license.limit('apps'), license.status.reason]).toEqual([2, 'absent']);
    expect(license.check({ kind: 'edition', edition: 'enterprise' })?.getStatus()).toBe(403);
  });

  it('takes what the test decides otherwise', async () => {
    const clock = new ManualClock(new Date('2030-01-01'));
    const options = { clock, community: { limits: { apps: 9 } } };
    const license = await start(
      appWith(LicenseModule.forRoot(licensing)),
      LicenseTestingModule.expired({}, options),
    );
    expect([license.limit('apps'), license.status.expiresAt]).toEqual([9, new Date('2029-12-31')]);
    expect(licenseOf(module).clock).toBe(clock);
  });

  it('believes the vendor of the test only, no longer its own', async () => {
    const license = await start(
      appWith(LicenseModule.forRoot({ trustedKeys: { ...vendor.trustedKeys } })),
      LicenseTestingModule.community(),
    );
    licenseOf(module).deliver(vendor.issue());
    expect(license.active).toBe(false);
  });

  it('is still told what is wrong with its options', async () => {
    module = await Test.createTestingModule({}).compile();
    const app = appWith(LicenseModule.forRootAsync({ useFactory: () => ({ product: '' }) }));
    const builder = Test.createTestingModule({ imports: [app] });
    await expect(overrideLicense(builder, LicenseTestingModule.licensed()).compile()).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
    });
  });

  it('is not replaced by a module that is no license of the testing kit', async () => {
    module = await Test.createTestingModule({}).compile();
    expect(() => overrideLicense(Test.createTestingModule({}), LicenseModule.forRoot())).toThrow(
      'expected a module of LicenseTestingModule',
    );
  });
});
