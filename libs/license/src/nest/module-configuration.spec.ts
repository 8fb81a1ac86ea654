import { Global, Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import type { LicenseModuleOptions, LicenseOptionsFactory } from '@latchkey/license';

import { CapturedLog } from '../../test/captured-log.js';
import { keyLine } from '../../test/hand-made-instance.js';
import { formatLicenseText } from '../protocol/license-text.js';
import { refusalOf } from '../testing/throws-with-code.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { LicenseModule } from './license.module.js';
import { LicenseService } from './license.service.js';

let issuer: TestIssuer;
let options: LicenseModuleOptions;
beforeAll(async () => {
  issuer = await TestIssuer.create();
  options = {
    trustedKeys: { ...issuer.trustedKeys },
    product: 'agent-os',
    license: formatLicenseText(issuer.issue()),
    nats: false,
    environment: {},
  };
});

/** What a started app with these imports believes. */
async function statusWith(...imports: (Type | DynamicModule | Promise<DynamicModule>)[]) {
  @Module({ imports })
  class Root {}
  const app = await NestFactory.createApplicationContext(Root, { logger: false, abortOnError: false });
  const { status } = app.get(LicenseService);
  await app.close();
  return status;
}
const licensed = { active: true, edition: 'enterprise', source: 'environment' };

describe('everything from code', () => {
  it('needs no environment, no file and no NATS', async () => {
    expect(await statusWith(LicenseModule.forRoot(options))).toMatchObject(licensed);
  });

  it('wins over the environment', async () => {
    const environment = { LICENSE: 'nonsense', LICENSE_PATH: '/none', LICENSE_PRODUCT: 'other' };
    expect(await statusWith(LicenseModule.forRoot({ ...options, environment }))).toMatchObject(licensed);
  });

  it('pins the vendor: a license signed by another is refused, whatever the environment trusts', async () => {
    const other = await TestIssuer.create();
    const environment = { LICENSE_PUBLIC_KEYS: JSON.stringify(other.trustedKeys), LICENSE: other.issue() };
    const status = await statusWith(LicenseModule.forRoot({ ...options, license: undefined, environment }));
    expect(status).toMatchObject({ active: false, reason: 'refused', lastRefusal: { code: 'KEY_UNKNOWN' } });
  });

  it('may bring a ladder of its own', async () => {
    const license = issuer.issue({ edition: 'paid' });
    const editions = ['free', 'paid'];
    const status = await statusWith(LicenseModule.forRoot({ ...options, license, editions }));
    expect([status.active, status.edition]).toEqual([true, 'paid']);
  });
});

describe('everything from the environment', () => {
  it('needs no options', async () => {
    const environment = {
      LICENSE_PUBLIC_KEYS: JSON.stringify(issuer.trustedKeys),
      LICENSE_PRODUCT: 'agent-os',
      LICENSE_ENCRYPTION_KEYS: keyLine,
      LICENSE_KEY_PATH: '/none/license.key',
      LICENSE: issuer.issue(),
      NATS_URL: 'off',
    };
    expect(await statusWith(LicenseModule.forRoot({ environment }))).toMatchObject(licensed);
  });
});

describe('options from other providers', () => {
  @Injectable()
  class Options implements LicenseOptionsFactory {
    async create(): Promise<LicenseModuleOptions> {
      return options;
    }
  }
  @Global()
  @Module({ providers: [Options], exports: [Options] })
  class OptionsModule {}
  const configuration = ConfigModule.forRoot({
    ignoreEnvFile: true,
    isGlobal: true,
    load: [() => ({ licensing: { license: issuer.issue() } })],
  });

  it.each<[string, () => DynamicModule, (Type | Promise<DynamicModule>)[]]>([
    ['a factory', () => LicenseModule.forRootAsync({ useFactory: () => options }), []],
    ['an asynchronous one', () => LicenseModule.forRootAsync({ useFactory: async () => options }), []],
    ['a class', () => LicenseModule.forRootAsync({ useClass: Options }), []],
    ['a provider that exists', () => LicenseModule.forRootAsync({ useExisting: Options }), [OptionsModule]],
    [
      'a provider of an imported module',
      () => LicenseModule.forRootAsync({ imports: [OptionsModule], useExisting: Options }),
      [],
    ],
    [
      'the ConfigService of @nestjs/config',
      () =>
        LicenseModule.forRootAsync({
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            ...options,
            license: config.getOrThrow<string>('licensing.license'),
          }),
        }),
      [configuration],
    ],
  ])('work from %s', async (_what, licensing, others) => {
    expect(await statusWith(licensing(), ...others)).toMatchObject(licensed);
  });

  it('keep the module to one part where isGlobal stands beside them', async () => {
    @Module({ imports: [LicenseModule.forRootAsync({ isGlobal: false, useFactory: () => options })] })
    class Part {}
    @Injectable()
    class Elsewhere {
      constructor(readonly license: LicenseService) {}
    }
    Reflect.defineMetadata('design:paramtypes', [LicenseService], Elsewhere);
    @Module({ imports: [Part], providers: [Elsewhere] })
    class Root {}
    await expect(
      NestFactory.createApplicationContext(Root, { logger: false, abortOnError: false }),
    ).rejects.toThrow("Nest can't resolve dependencies of the Elsewhere");
  });

  it('must come from somewhere, and from one place', () => {
    const message = (given: object) => refusalOf(() => LicenseModule.forRootAsync(given))?.message;
    expect(message({})).toBe(
      'LicenseModule.forRootAsync(): expected one of useFactory, useClass and useExisting, found none',
    );
    expect(message({ useClass: Options, useFactory: () => options })).toContain(
      'found useFactory and useClass',
    );
  });

  it.each<[string, () => Type | DynamicModule]>([
    ['imported without forRoot()', () => LicenseModule],
    [
      'given a factory that returns nothing',
      () => LicenseModule.forRootAsync({ useFactory: () => undefined as unknown as LicenseModuleOptions }),
    ],
  ])('are missing when the module is %s, and the message says so', async (_what, licensing) => {
    await expect(statusWith(licensing())).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('import LicenseModule.forRoot() instead of LicenseModule') as string,
    });
  });
});

describe('the logger of the app', () => {
  it('gets every line, from the first on', async () => {
    @Module({ imports: [LicenseModule.forRoot({ ...options, product: undefined })] })
    class Root {}
    const logger = new CapturedLog();
    const app = await NestFactory.createApplicationContext(Root, { logger, abortOnError: false });
    expect(logger.take()).toEqual([
      'warn: no product is set: a license for any product of a trusted key is accepted',
      expect.stringMatching(/^log: enterprise edition: license license-\d+ \(serial \d+\) from environment/),
    ]);
    await app.close();
  });
});
