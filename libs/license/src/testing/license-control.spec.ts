import type { DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';

import { LicenseService } from '../nest/license.service.js';
import type { LicenseControl } from './license-control.js';
import { licenseOf } from './license-of.js';
import { LicenseTestingModule } from './license-testing.module.js';
import { TestIssuer } from './test-issuer.js';
import { until } from './until.js';

const minuteMs = 60_000;

describe('the world around an app under test', () => {
  let module: TestingModule;
  let license: LicenseService;
  let control: LicenseControl;
  const start = async (from: DynamicModule): Promise<void> => {
    module = await Test.createTestingModule({ imports: [from] }).compile();
    module.useLogger(false);
    control = licenseOf(module);
    await module.init();
    license = module.get(LicenseService);
  };
  beforeEach(() => start(LicenseTestingModule.licensed({ features: { workflow: true } })));
  afterEach(() => module.close());

  it('issues licenses that are in force at once, and nothing of the one before', () => {
    const issued = control.issue({ edition: 'flagship' });
    expect([license.edition, license.hasFeature('workflow')]).toEqual(['flagship', false]);
    expect(license.status.source).toBe('broadcast');
    expect(control.license).toBe(issued);
  });

  it('ends the wait for a first answer with a license', async () => {
    await module.close();
    await start(LicenseTestingModule.pending());
    control.issue();
    expect(license.status.state).toBe('active');
  });

  it('licenses a community app while it runs', async () => {
    await module.close();
    await start(LicenseTestingModule.community());
    expect(license.status).toMatchObject({ state: 'absent', freshness: 'fresh' }); // the servers said that they have none
    control.issue();
    expect(license.status).toMatchObject({ state: 'active', source: 'broadcast' });
  });

  it('delivers any number of licenses in the same moment', () => {
    for (let apps = 1; apps <= 25; apps += 1) {
      control.issue({ limits: { apps } });
      expect(license.limit('apps')).toBe(apps);
    }
  });

  it('revokes the license in force, for good; a new one licenses again', () => {
    const first = control.license ?? '';
    control.revoke();
    expect(license.status.state).toBe('revoked');
    control.deliver(first);
    expect(license.active).toBe(false);
    control.issue();
    expect(license.active).toBe(true);
    control.deliver(first);
    expect(license.status.lastRefusal?.code).toBe('REVOKED');
  });

  it('revokes any license by its id, and keeps those that were revoked before', () => {
    const [first, second] = [control.issuer.issue({ jti: 'one' }), control.issuer.issue({ jti: 'two' })];
    control.revoke('one');
    control.revoke('two');
    for (const taken of [first, second]) {
      control.deliver(taken);
      expect(license.status.lastRefusal?.code).toBe('REVOKED');
    }
    expect(license.active).toBe(true);
  });

  it('has nothing to revoke while there is no license', async () => {
    await module.close();
    await start(LicenseTestingModule.community());
    expect(() => control.revoke()).toThrow('issue() one first');
  });

  it('keeps the license through an outage, and hands out afterwards what came meanwhile', () => {
    control.disconnect();
    control.clock.advance(30 * minuteMs);
    control.issue({ edition: 'flagship' });
    expect(license.status).toMatchObject({ edition: 'enterprise', active: true, freshness: 'stale' });
    control.reconnect();
    expect(license.status).toMatchObject({ edition: 'flagship', freshness: 'fresh' });
  });

  it('begins in an outage when that was there before the app', async () => {
    await module.close();
    module = await Test.createTestingModule({ imports: [LicenseTestingModule.licensed()] }).compile();
    module.useLogger(false);
    licenseOf(module).disconnect();
    await module.init();
    const { active, source, freshness } = module.get(LicenseService).status;
    expect([active, source, freshness]).toEqual([true, 'file', 'stale']);
  });

  it('answers when it is asked, outside of outages', async () => {
    control.clock.advance(20 * minuteMs); // the servers were asked meanwhile, and could not answer in between
    expect(license.status.freshness).toBe('stale');
    license.refresh();
    license.refresh();
    await until(() => license.status.freshness === 'fresh');
    control.disconnect();
    control.clock.advance(20 * minuteMs);
    license.refresh();
    await Promise.resolve();
    expect(license.status.freshness).toBe('stale');
  });

  it('forges licenses that are not taken', () => {
    control.forge();
    expect(license.edition).toBe('enterprise');
    const forged = control.forge({ edition: 'professional' });
    expect(license.edition).toBe('enterprise');
    expect(forged.split('.')[2]).toBe(control.license?.split('.')[2]);
  });

  it('forges them also where there is no license to begin with', async () => {
    await module.close();
    await start(LicenseTestingModule.community());
    control.forge();
    expect(license.status).toMatchObject({ active: false, reason: 'absent' });
  });

  it('brings back older licenses, which are not taken', () => {
    const older = control.license ?? '';
    control.issue({ edition: 'professional' });
    control.deliver(older);
    expect(license.status).toMatchObject({ edition: 'professional', lastRefusal: { code: 'ROLLBACK' } });
  });

  it('delivers licenses of other vendors, which are not taken', async () => {
    control.deliver((await TestIssuer.create('test-product')).issue({ serial: 1000 }));
    expect(license.status.license?.serial).toBe(1);
  });

  it('puts anything on the bus', () => {
    for (const message of ['', 'garbage', '{"pattern":"license.key"}', 'x'.repeat(100_000)]) {
      control.putOnBus(message);
    }
    expect(license.active).toBe(true);
  });

  it('keeps the key file from being written, and allows it again', async () => {
    control.failSaving('read-only file system');
    control.issue();
    await until(() => license.status.persistError !== null);
    expect(license.status).toMatchObject({
      active: true,
      persisted: false,
      persistError: 'key file: read-only file system',
    });
    control.allowSaving();
    control.clock.advance(minuteMs);
    await until(() => license.status.persisted);
  });

  it('starts the app anew with the key file it left, while nobody is there', async () => {
    control.issue({ edition: 'flagship' });
    await until(() => license.status.persisted);
    control.disconnect();
    await module.close();
    await start(LicenseTestingModule.restart(control));
    expect(license.status).toMatchObject({ edition: 'flagship', source: 'file', freshness: 'stale' });
    control.reconnect();
    control.issue({ edition: 'professional' });
    expect(license.edition).toBe('professional');
  });

  it('starts the app anew with a damaged key file: community until a server is there', async () => {
    control.disconnect();
    await module.close();
    control.damageKeyFile();
    await start(LicenseTestingModule.restart(control));
    expect(license.status).toMatchObject({ active: false, lastRefusal: { origin: 'file' } });
    control.reconnect();
    expect(license.active).toBe(true);
  });

  it('is silent once the app is closed', async () => {
    await module.close();
    expect(() => control.issue()).not.toThrow();
  });
});
