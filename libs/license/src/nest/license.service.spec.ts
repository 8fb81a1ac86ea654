import { OfflineApp } from '../../test/offline-app.js';
import type { LicenseStatus } from '../core/status.js';
import { TestIssuer } from '../testing/test-issuer.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe('what a service sees of its license', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    app = await new OfflineApp(issuer, { community: { limits: { users: 5 } } }).start();
  });
  afterEach(() => app.stop());
  const nowS = (): number => Math.floor(app.clock.wallMs() / 1000);
  const statusOf = async (path = 'enterprise'): Promise<number> => (await app.app.get(path)).status;

  it('follows what arrives, without a restart, up and down', async () => {
    app.source.lose();
    expect([app.license.edition, await statusOf()]).toEqual(['community', 402]);
    app.source.broadcast(issuer.issue());
    expect([app.license.edition, await statusOf()]).toEqual(['enterprise', 200]);
    app.source.broadcast(issuer.issue({ edition: 'community' })); // a vendor takes it back on purpose
    expect([app.license.edition, await statusOf()]).toEqual(['community', 402]);
    app.source.broadcast(issuer.issue({ edition: 'flagship', features: { workflow: 'large' } }));
    expect([await statusOf(), await statusOf('workflow')]).toEqual([200, 200]);
    expect([app.license.feature('workflow'), app.license.feature('sso')]).toEqual(['large', undefined]);
  });

  it('ends with the request after its last millisecond, before any timer says so', async () => {
    app.source.broadcast(issuer.issue({ exp: nowS() + 90, features: { workflow: true } }));
    app.clock.advance(90_000 - 1);
    expect([app.license.active, await statusOf(), await statusOf('workflow')]).toEqual([true, 200, 200]);
    app.clock.advance(1);
    const { license } = app;
    expect([license.active, license.edition, license.hasEdition('professional')]).toEqual([
      false,
      'community',
      false,
    ]);
    expect([license.hasFeature('workflow'), await statusOf('workflow')]).toEqual([false, 402]);
    expect((await app.app.get('enterprise')).body).toMatchObject({ reason: 'expired', edition: 'community' });
  });

  it('goes on through the grace period, and says so', async () => {
    app.source.broadcast(issuer.issue({ license_expires: nowS() + 60, exp: nowS() + 120 }));
    app.clock.advance(60_000);
    expect(app.license.status).toMatchObject({
      state: 'grace',
      active: true,
      edition: 'enterprise',
      expiresAt: new Date(app.clock.wallMs()),
      graceEndsAt: new Date(app.clock.wallMs() + 60_000),
    });
    expect(await statusOf()).toBe(200);
    app.clock.advance(60_000);
    expect([app.license.status.state, await statusOf()]).toEqual(['expired', 402]);
  });

  it('compares editions by their order, and knows no others', () => {
    app.source.broadcast(issuer.issue());
    const known = ['community', 'professional', 'enterprise', 'flagship', 'galactic', 'constructor', ''];
    expect(known.filter((edition) => app.license.hasEdition(edition))).toEqual([
      'community',
      'professional',
      'enterprise',
    ]);
  });

  it('is one frozen picture: what it shows, and why', async () => {
    const expS = nowS() + 86_400;
    app.source.connect();
    app.source.reply(
      issuer.issue({ serial: 7, jti: 'lic-7', exp: expS, features: { sso: true }, limits: { apps: 9 } }),
    );
    app.source.broadcast(issuer.issue({ serial: 6 }));
    const { status } = app.license;
    expect(status).toMatchObject({
      active: true,
      state: 'active',
      reason: 'licensed',
      edition: 'enterprise',
      license: { id: 'lic-7', serial: 7, product: 'agent-os', customer: 'Test Customer', trial: false },
      expiresAt: new Date(expS * 1000),
      graceEndsAt: null,
      source: 'reply',
      next: null,
      freshness: 'fresh',
      clockOffsetMs: 0,
      clockRolledBack: false,
      persistError: null,
      lastRefusal: { code: 'ROLLBACK', origin: 'broadcast' },
    });
    expect([{ ...status.features }, { ...status.limits }]).toEqual([{ sso: true }, { apps: 9 }]);
    for (const part of [status, status.license, status.features, status.limits, status.lastRefusal]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    app.clock.advance(2 * dayMs);
    expect(status.active).toBe(true);
    expect(app.license.status).toMatchObject({ active: false, state: 'expired', freshness: 'stale' });
    expect({ ...app.license.status.limits }).toEqual({ users: 5 });
  });

  it('asks the servers when told to', () => {
    app.source.connect();
    const before = app.source.askedAtMs.length;
    app.license.refresh();
    expect(app.source.askedAtMs).toHaveLength(before + 1);
  });
});

describe('the changes of a license', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;
  let seen: LicenseStatus[];
  let completed: boolean;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    app = await new OfflineApp(issuer, { adapters: { store: null } }).start();
    seen = [];
    completed = false;
    app.license.changes$.subscribe({
      next: (status) => seen.push(status),
      complete: () => (completed = true),
    });
  });
  afterEach(() => app.stop());

  it('begin with what is, tell of each once, and end when the application closes', async () => {
    app.source.connect();
    app.source.reply(null);
    const license = issuer.issue();
    for (let i = 0; i < 5; i += 1) app.source.broadcast(license);
    app.source.broadcast(issuer.issue({ edition: 'flagship' }));
    expect(seen.map(({ state, edition, freshness }) => [state, edition, freshness])).toEqual([
      ['pending', 'community', 'stale'],
      ['pending', 'community', 'fresh'],
      ['active', 'enterprise', 'fresh'],
      ['active', 'flagship', 'fresh'],
    ]);
    await app.stop();
    expect([completed, seen.length]).toEqual([true, 4]);
  });

  it('tell within a minute of an end that no message announced', () => {
    app.source.broadcast(issuer.issue({ exp: Math.floor(app.clock.wallMs() / 1000) + 90 }));
    app.clock.advance(3 * minuteMs);
    expect(seen.map(({ state }) => state)).toEqual(['pending', 'active', 'expired']);
  });

  it('tell when the servers fall silent, and when they are heard again', () => {
    const license = issuer.issue();
    app.source.broadcast(license);
    app.clock.advance(20 * minuteMs);
    app.source.broadcast(license);
    expect(seen.slice(1).map(({ freshness }) => freshness)).toEqual(['fresh', 'stale', 'fresh']);
  });

  it('cannot be made up by a subscriber', () => {
    expect('next' in app.license.changes$).toBe(false);
  });
});
