import type { DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';

import { LicenseService } from '../nest/license.service.js';
import { readUnverifiedLicense } from '../protocol/signed-license.js';
import { licenseOf } from './license-of.js';
import { LicenseTestingModule } from './license-testing.module.js';
import { ManualClock } from './manual-clock.js';

const minuteMs = 60_000;

describe('an app with a license of the testing kit', () => {
  let module: TestingModule;
  afterEach(() => module.close());

  /** Starts an app, and gives what it believes then. */
  const start = async (license: DynamicModule): Promise<LicenseService> => {
    module = await Test.createTestingModule({ imports: [license] }).compile();
    module.useLogger(false);
    await module.init();
    return module.get(LicenseService);
  };

  it.each<[string, DynamicModule, object]>([
    [
      'licensed',
      LicenseTestingModule.licensed(),
      { active: true, state: 'active', edition: 'enterprise', freshness: 'fresh', persisted: true },
    ],
    ['community', LicenseTestingModule.community(), { active: false, state: 'absent', reason: 'absent' }],
    ['expired', LicenseTestingModule.expired(), { active: false, state: 'expired', edition: 'community' }],
    ['in grace', LicenseTestingModule.grace(), { active: true, state: 'grace', edition: 'enterprise' }],
    ['revoked', LicenseTestingModule.revoked(), { active: false, state: 'revoked', edition: 'community' }],
    ['pending', LicenseTestingModule.pending(), { active: false, state: 'pending', edition: 'community' }],
  ])('starts %s', async (_name, license, status) => {
    expect((await start(license)).status).toMatchObject(status);
  });

  it('has every claim that it was given', async () => {
    const license = await start(
      LicenseTestingModule.licensed({
        edition: 'professional',
        features: { workflow: true, storage: 'large' },
        limits: { apps: 3 },
        trial: true,
      }),
    );
    expect([license.edition, license.feature('storage'), license.limit('apps')]).toEqual([
      'professional',
      'large',
      3,
    ]);
    expect(license.status.license).toMatchObject({ trial: true, product: 'test-product' });
  });

  it('has the options that it was given, and those of an app for its product and ladder', async () => {
    const license = await start(
      LicenseTestingModule.licensed(
        {},
        { product: 'crm', editions: ['free', 'plus', 'max'], community: { limits: { apps: 2 } } },
      ),
    );
    expect(license.status).toMatchObject({ edition: 'max', license: { product: 'crm' } });
    expect(licenseOf(module).issuer.claims()).toMatchObject({ aud: 'crm', edition: 'max' });
    licenseOf(module).revoke();
    expect([license.edition, license.limit('apps')]).toEqual(['free', 2]);
  });

  it('does not start with an edition that it does not know', async () => {
    module = await Test.createTestingModule({}).compile();
    const license = LicenseTestingModule.licensed({ edition: 'galactic' });
    await expect(Test.createTestingModule({ imports: [license] }).compile()).rejects.toMatchObject({
      code: 'EDITION_UNKNOWN',
      message: expect.stringContaining('found galactic') as string,
    });
  });

  it('lives at the time that it was given, which stands still', async () => {
    const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
    const license = await start(LicenseTestingModule.licensed({}, { clock }));
    expect(license.status.expiresAt).toEqual(new Date('2031-01-01T00:00:00Z'));
    clock.setWall(new Date('2030-12-31T23:59:00Z'));
    clock.advance(minuteMs - 1);
    expect(license.active).toBe(true);
    clock.advance(1);
    expect(license.status.state).toBe('expired');
  });

  it('waits for its first answer as long as the app says', async () => {
    const license = await start(LicenseTestingModule.pending({ bootstrapTimeoutMs: 5_000 }));
    const { clock } = licenseOf(module);
    clock.advance(4_999);
    expect(license.status.state).toBe('pending');
    clock.advance(1);
    expect(license.status).toMatchObject({ state: 'absent', reason: 'absent' });
  });

  it('reads no environment', async () => {
    process.env['LICENSE_PRODUCT'] = 'another-product';
    process.env['LICENSE'] = 'not a license';
    try {
      const license = await start(LicenseTestingModule.community());
      expect(license.status.reason).toBe('absent'); // not "misconfigured"
    } finally {
      delete process.env['LICENSE_PRODUCT'];
      delete process.env['LICENSE'];
    }
  });

  it('has a deployment of its own, also when it shares the module with another app', async () => {
    const shared = LicenseTestingModule.licensed();
    const license = await start(shared);
    const other = await Test.createTestingModule({ imports: [shared] }).compile();
    other.useLogger(false);
    await other.init();
    licenseOf(other).revoke();
    expect([license.active, other.get(LicenseService).active]).toEqual([true, false]);
    await other.close();
  });

  it('shares the key of the vendor with all others: it is made once', async () => {
    await start(LicenseTestingModule.licensed());
    const other = await Test.createTestingModule({ imports: [LicenseTestingModule.grace()] }).compile();
    expect(licenseOf(other).issuer.key).toBe(licenseOf(module).issuer.key);
    expect(readUnverifiedLicense(licenseOf(other).license ?? '').license.edition).toBe('enterprise');
    await other.close();
  });
});

describe('the handle on a license', () => {
  it('is refused for an app that has none of the testing kit', async () => {
    const module = await Test.createTestingModule({}).compile();
    expect(() => licenseOf(module)).toThrow('import LicenseTestingModule.licensed(), or give it to');
    await module.close();
  });
});
