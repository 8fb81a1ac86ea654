import { Controller, Get, Global, Injectable, Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { keyLine, ring } from '../../test/hand-made-instance.js';
import { ManualSource } from '../testing/manual-source.js';
import { systemClock } from '../core/clock.js';
import { exportSigningKey, generateEncryptionKey } from '../issuing/keys.js';
import { refusalOf } from '../testing/throws-with-code.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { RequireEnterprise } from './license.decorators.js';
import { LicenseModule } from './license.module.js';
import type { LicenseModuleOptions } from './license.options.js';
import { LicenseService } from './license.service.js';

@Controller()
class Gated {
  @Get()
  @RequireEnterprise()
  get(): string {
    return 'ok';
  }
}

const rootWith = (...imports: (Type | DynamicModule)[]): Type => {
  @Module({ imports, controllers: [Gated] })
  class Root {}
  return Root;
};
const startOf = (root: Type) => NestFactory.create(root, { logger: false, abortOnError: false });

let issuer: TestIssuer;
let base: LicenseModuleOptions;
beforeAll(async () => {
  issuer = await TestIssuer.create();
  base = {
    trustedKeys: { ...issuer.trustedKeys },
    encryptionKeys: keyLine,
    environment: {},
    adapters: { store: null, source: null },
  };
});

describe('an app that gates a handler', () => {
  it('does not start without the module, and the message says what to add', async () => {
    await expect(startOf(rootWith())).rejects.toMatchObject({
      code: 'MODULE_NOT_IMPORTED',
      message: expect.stringContaining(
        'add LicenseModule.forRoot() to the imports of the root module',
      ) as string,
    });
  });

  it('starts when only the root module imports it', async () => {
    @Module({ controllers: [Gated] })
    class Feature {}
    const app = await startOf(rootWith(LicenseModule.forRoot(base), Feature));
    await expect(app.init()).resolves.toBeDefined();
    await app.close();
  });

  it('that keeps the module to one part must import it there', async () => {
    @Module({ controllers: [Gated] })
    class Feature {}
    @Module({ imports: [LicenseModule.forRoot({ ...base, isGlobal: false }), Feature] })
    class Root {}
    await expect(startOf(Root)).rejects.toMatchObject({ code: 'MODULE_NOT_IMPORTED' });
  });
});

describe('wrong options', () => {
  it('are named all at once, where they were written, and no key with them', () => {
    const [privateKey, passPhrase] = [exportSigningKey(issuer.key), 'x'.repeat(31) + 'y'];
    const refusal = refusalOf(() =>
      LicenseModule.forRoot({
        product: '',
        keyPath: 7 as unknown as string,
        trustedKeys: privateKey,
        encryptionKeys: passPhrase,
        editions: ['only-one'],
        nats: { servers: ['nats://admin:hunter2@broker'] },
        subjectPrefix: 'license.*',
        bootstrapTimeoutMs: 60_001,
        community: { limits: { apps: 1.5, users: -2, seats: 3 } },
        refusal: { status: 500 },
      }),
    );
    expect(refusal?.code).toBe('CONFIGURATION_INVALID');
    expect(refusal?.problems.map((problem) => problem.split(':')[0])).toEqual([
      'product',
      'keyPath',
      'trustedKeys',
      'encryptionKeys',
      'editions',
      'nats.servers',
      'subjectPrefix',
      'community.limits.apps',
      'community.limits.users',
      'bootstrapTimeoutMs',
      'refusal.status',
    ]);
    for (const problem of refusal?.problems ?? []) expect(refusal?.message).toContain(problem);
    expect(refusal?.message).not.toMatch(/PRIVATE KEY-----|xxxx|hunter2/);
  });

  it.each<[LicenseModuleOptions]>([
    [{}],
    [{ product: 'agent-os', bootstrapTimeoutMs: 0, refusal: { status: 403 }, nats: false }],
    [
      {
        bootstrapTimeoutMs: 60_000,
        community: { limits: { apps: 0, users: -1 } },
        editions: ['free', 'paid'],
      },
    ],
  ])('are none of %j', (options) => {
    expect(LicenseModule.forRoot(options).module).toBe(LicenseModule);
  });

  it('of a factory keep the app from starting, with their own message', async () => {
    const root = rootWith(LicenseModule.forRootAsync({ useFactory: () => ({ product: '' }) }));
    await expect(startOf(root)).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      problems: ['product: expected a non-empty string'],
    });
  });
});

describe('the module, configured by other providers', () => {
  @Injectable()
  class Config {
    readonly licensing = Promise.resolve(base);
  }
  @Global()
  @Module({ providers: [Config], exports: [Config] })
  class ConfigModule {}

  it('takes the same options from an asynchronous factory', async () => {
    const source = new ManualSource(ring, systemClock);
    const root = rootWith(
      ConfigModule,
      LicenseModule.forRootAsync({
        inject: [Config],
        useFactory: async (config: Config) => ({
          ...(await config.licensing),
          adapters: { store: null, source },
        }),
      }),
    );
    const app = await (await startOf(root)).init();
    source.broadcast(issuer.issue());
    expect(app.get(LicenseService).edition).toBe('enterprise');
    await app.close();
    expect(source.stopped).toBe(true);
  });

  it('takes them from a class', async () => {
    @Injectable()
    class Options {
      create = (): LicenseModuleOptions => ({ ...base, encryptionKeys: generateEncryptionKey('x') });
    }
    const root = rootWith(LicenseModule.forRootAsync({ useClass: Options }));
    const app = await (await startOf(root)).init();
    expect(app.get(LicenseService).status.reason).toBe('absent');
    await app.close();
  });
});
