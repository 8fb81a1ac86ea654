import type { DynamicModule, INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { LicenseService } from '@latchkey/license';
import {
  licenseMatchers,
  licenseOf,
  LicenseTestingModule,
  ManualClock,
  overrideLicense,
  until,
} from '@latchkey/license/testing';

import { AppModule } from './reports.module.js';

expect.extend(licenseMatchers);

describe('the app', () => {
  let app: INestApplication;
  let url: string;
  afterEach(() => app.close());

  async function start(license: DynamicModule): Promise<void> {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const module = await overrideLicense(builder, license).compile();
    app = module.createNestApplication();
    app.useLogger(false);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  }

  async function list(): Promise<unknown> {
    const response = await fetch(`${url}/reports`);
    return response.json();
  }

  it('keeps its own options', async () => {
    await start(LicenseTestingModule.community());
    const create = () => fetch(`${url}/reports`, { method: 'POST' });
    expect((await create()).status).toBe(201);
    const second = await create(); // forRoot({ community: { limits: { reports: 1 } } })
    expect(await second.json()).toBeRefusedWith('LICENSE_LIMIT_EXCEEDED');
  });

  it('says that the license has expired', async () => {
    await start(LicenseTestingModule.expired({ features: { reports: true } }));
    expect(await list()).toMatchObject({ code: 'LICENSE_FEATURE_REQUIRED', reason: 'expired' });
    expect(app.get(LicenseService)).toBeCommunity('expired');
  });

  it('goes on through the grace period, and not beyond', async () => {
    await start(LicenseTestingModule.grace({ features: { reports: true } }));
    expect(await list()).toEqual([]);
    licenseOf(app).clock.advance(13 * 24 * 3_600_000);
    expect(app.get(LicenseService)).toBeCommunity('expired');
  });

  it('asks to try again until the license is loaded', async () => {
    await start(LicenseTestingModule.pending());
    const response = await fetch(`${url}/reports`);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    licenseOf(app).issue({ features: { reports: true } });
    expect(await list()).toEqual([]);
  });

  it('stops when the license is revoked', async () => {
    await start(LicenseTestingModule.licensed({ features: { reports: true } }));
    licenseOf(app).revoke();
    expect(app.get(LicenseService)).toBeCommunity('revoked');
  });

  it('takes an upgrade and a downgrade while it runs', async () => {
    await start(LicenseTestingModule.community());
    const license = licenseOf(app);
    license.issue({ features: { reports: true } });
    expect(await list()).toEqual([]);
    license.issue({ edition: 'professional' }); // a license without the feature
    expect(await list()).toBeRefusedWith('LICENSE_FEATURE_REQUIRED');
  });

  it('ends with its license', async () => {
    await start(LicenseTestingModule.licensed());
    const license = licenseOf(app);
    license.issue({ exp: license.clock.wallMs() / 1000 + 60 });
    license.clock.advance(60_000 - 1);
    expect(app.get(LicenseService)).toBeLicensed();
    license.clock.advance(1);
    expect(app.get(LicenseService)).toBeCommunity('expired');
  });

  it('has had a year pass', async () => {
    await start(LicenseTestingModule.licensed());
    const { clock } = licenseOf(app);
    clock.setWall(clock.wallMs() + 365 * 24 * 3_600_000);
    clock.advance(60_000); // it looks at the clock once a minute
    expect(app.get(LicenseService)).toBeCommunity('expired');
  });

  it('goes on without NATS and license-servers, also over a restart', async () => {
    await start(LicenseTestingModule.licensed({ features: { reports: true } }));
    const license = licenseOf(app);
    license.disconnect();
    await app.close();
    await start(LicenseTestingModule.restart(license));
    expect(await list()).toEqual([]);
    license.issue({ edition: 'flagship' }); // nobody can bring it
    expect(app.get(LicenseService)).toBeLicensed('enterprise');
    license.reconnect();
    expect(app.get(LicenseService)).toBeLicensed('flagship');
  });

  it('is not impressed by forgeries, old licenses and garbage', async () => {
    await start(LicenseTestingModule.licensed({ edition: 'flagship' }));
    const license = licenseOf(app);
    const old = license.issuer.issue({ edition: 'flagship' });
    license.issue({ edition: 'professional' });
    license.deliver(old); // signed by the vendor, and older than what is in force
    license.forge({ edition: 'flagship' }); // signed by nobody
    license.putOnBus('garbage');
    expect(app.get(LicenseService)).toBeLicensed('professional');
  });

  it('goes on when its key file cannot be saved', async () => {
    await start(LicenseTestingModule.community());
    const license = licenseOf(app);
    license.failSaving();
    license.issue();
    expect(app.get(LicenseService)).toBeLicensed();
    await until(() => app.get(LicenseService).status.persistError !== null);
    license.allowSaving();
    license.clock.advance(60_000); // it tries again once a minute
    await until(() => app.get(LicenseService).status.persisted);
  });

  it('starts as community when its key file is damaged', async () => {
    await start(LicenseTestingModule.licensed());
    const license = licenseOf(app);
    license.disconnect();
    await app.close();
    license.damageKeyFile();
    await start(LicenseTestingModule.restart(license));
    expect(app.get(LicenseService)).toBeCommunity();
    license.reconnect();
    expect(app.get(LicenseService)).toBeLicensed();
  });

  it('lives in a year of our choice', async () => {
    const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
    await start(LicenseTestingModule.licensed({}, { clock }));
    const { expiresAt } = app.get(LicenseService).status;
    expect(expiresAt).toEqual(new Date('2031-01-01T00:00:00Z'));
  });
});
