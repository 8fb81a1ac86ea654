import { Inject, Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';

import { CapturedLog } from '../../test/captured-log.js';
import { keyLine, ring, WatchedStore } from '../../test/hand-made-instance.js';
import { sealKeyFile } from '../protocol/sealed-license.js';
import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { LicenseModule } from './license.module.js';
import type { LicenseModuleOptions } from './license.options.js';
import { LicenseService } from './license.service.js';

describe('the license service before the application has started', () => {
  let options: LicenseModuleOptions;
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await TestIssuer.create();
    const license = issuer.issue({ features: { workflow: true } });
    options = { trustedKeys: { ...issuer.trustedKeys }, license, nats: false, environment: {} };
  });

  it('decides nothing, whatever it is asked, and says what to do', async () => {
    const testing = await Test.createTestingModule({ imports: [LicenseModule.forRoot(options)] }).compile();
    const license = testing.get(LicenseService);
    const questions: (() => unknown)[] = [
      () => license.active,
      () => license.edition,
      () => license.hasEdition('community'),
      () => license.hasFeature('workflow'),
      () => license.feature('workflow'),
      () => license.limit('apps'),
      () => license.assertWithinLimit('apps', 1),
    ];
    expect(questions.map(codeOf)).toEqual(questions.map(() => 'NOT_STARTED'));
    expect(refusalOf(() => license.active)?.message).toContain('ask in onModuleInit() or later');
    await testing.init();
    expect(questions.map(codeOf)).toEqual(questions.map(() => undefined));
    expect(license.hasFeature('workflow')).toBe(true);
    await testing.close();
  });

  it('says that it does not know yet', async () => {
    const testing = await Test.createTestingModule({ imports: [LicenseModule.forRoot(options)] }).compile();
    const license = testing.get(LicenseService);
    expect(license.status).toMatchObject({ active: false, state: 'pending', reason: 'pending' });
    expect(license.explain('workflow')).toMatchObject({ granted: false, reason: 'pending' });
    expect(license.check({ kind: 'feature', feature: 'workflow' })?.code).toBe('LICENSE_PENDING');
    await testing.init();
    expect(license.explain('workflow')).toMatchObject({ granted: true, reason: 'licensed' });
    await testing.close();
  });

  it('keeps an app from starting that asks it in a constructor', async () => {
    @Injectable()
    class Hasty {
      readonly on: boolean;
      constructor(@Inject(LicenseService) license: LicenseService) {
        this.on = license.hasFeature('workflow');
      }
    }
    @Module({ imports: [LicenseModule.forRoot(options)], providers: [Hasty] })
    class Root {}
    await expect(
      NestFactory.createApplicationContext(Root, { logger: false, abortOnError: false }),
    ).rejects.toMatchObject({ code: 'NOT_STARTED' });
  });

  it('can be asked in onModuleInit() of every module, also of those that stand before it', async () => {
    const answers: boolean[] = [];
    @Injectable()
    class Asking implements OnModuleInit {
      constructor(@Inject(LicenseService) private readonly license: LicenseService) {}
      onModuleInit(): void {
        answers.push(this.license.hasFeature('workflow'));
      }
    }
    @Module({ providers: [Asking] })
    class Early {}
    @Module({ imports: [Early, LicenseModule.forRoot(options)], providers: [Asking] })
    class Root {}
    const app = await NestFactory.createApplicationContext(Root, { logger: false, abortOnError: false });
    expect(answers).toEqual([true, true]);
    await app.close();
  });

  it('logs what it finds when it has found all, not that it is still looking', async () => {
    const [behind, ahead] = [issuer.issue({ iat: 1, exp: 2 }), issuer.issue()];
    const store = new WatchedStore(sealKeyFile({ license: behind, timeFloorMs: 0 }, ring));
    const more = { license: ahead, encryptionKeys: keyLine, adapters: { store, source: null } };
    @Module({ imports: [LicenseModule.forRoot({ ...options, product: 'agent-os', ...more })] })
    class Root {}
    const logger = new CapturedLog();
    const app = await NestFactory.createApplicationContext(Root, { logger, abortOnError: false });
    expect(logger.take()).toEqual([
      expect.stringMatching(/^warn: not taken \(EXPIRED\)/),
      expect.stringMatching(/^log: enterprise edition: .* from environment/),
    ]);
    await app.close();
  });

  it('may be listened to: the first status is the one after the local key was read', async () => {
    const seen: string[] = [];
    @Injectable()
    class Listening {
      constructor(@Inject(LicenseService) license: LicenseService) {
        license.changes$.subscribe(({ state }) => seen.push(state));
      }
    }
    @Module({ imports: [LicenseModule.forRoot(options)], providers: [Listening] })
    class Root {}
    const app = await NestFactory.create(Root, { logger: false, abortOnError: false });
    expect(seen).toEqual([]);
    await app.init();
    expect(seen).toEqual(['active']);
    await app.close();
  });
});
