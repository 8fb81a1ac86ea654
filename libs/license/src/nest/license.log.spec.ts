import { keyLine, WatchedStore } from '../../test/hand-made-instance.js';
import { OfflineApp } from '../../test/offline-app.js';
import { LicenseError } from '../core/errors.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { until } from '../testing/until.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe('the log', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    app = await new OfflineApp(issuer).start();
  });
  afterEach(() => app.stop());
  const nowS = (): number => Math.floor(app.clock.wallMs() / 1000);

  it('speaks when something changes, in one line, at the level of what is to be done', () => {
    app.source.lose();
    expect(app.log.take()).toEqual([
      'log: community edition: this deployment runs community (the license has not been loaded yet)',
      'warn: no connection to NATS (the broker is gone): going on without, trying again in the background',
      'log: community edition: this deployment runs community (no license key found)',
    ]);
    app.source.connect();
    const exp = nowS() + 120;
    app.source.broadcast(issuer.issue({ jti: 'lic-1', serial: 1000, license_expires: exp - 60, exp }));
    expect(app.log.take()).toEqual([
      'log: connected to NATS',
      `log: enterprise edition: license lic-1 (serial 1000) from broadcast, until ${new Date((exp - 60) * 1000).toISOString()}`,
      expect.stringMatching(/^warn: license lic-1 ends in less than a day, at .*: install its renewal/),
    ]);
    app.clock.advance(2 * minuteMs);
    expect(app.log.take()).toEqual([
      `log: enterprise edition: license lic-1 (serial 1000) from broadcast, in its grace period until ${new Date(exp * 1000).toISOString()}`,
      expect.stringMatching(
        /^warn: license lic-1 has ended and is in its grace period, with less than a day left/,
      ),
      'error: community edition: this deployment runs community (the license has expired)',
    ]);
  });

  it('says nothing of words that change nothing', () => {
    app.source.connect();
    const license = issuer.issue();
    app.source.broadcast(license);
    app.log.take();
    for (let i = 0; i < 100; i += 1) {
      app.source.broadcast(license);
      app.source.broadcast(null);
      app.source.connect();
      app.clock.advance(minuteMs);
    }
    expect(app.log.take()).toEqual([]);
  });

  it('names a refusal once, then at most daily, and each other one as well', () => {
    const [wrong, other] = [issuer.issue({ aud: 'other' }), issuer.issue({ edition: 'galactic' })];
    app.log.take();
    for (let i = 0; i < 20; i += 1) {
      app.source.broadcast(wrong);
      app.source.broadcast(other);
      app.clock.advance(minuteMs);
    }
    const refusals = (): string[] => app.log.take().filter((line) => line.includes('not taken'));
    expect(refusals()).toEqual([
      expect.stringMatching(/^warn: not taken \(PRODUCT_MISMATCH\): expected a license for agent-os/),
      expect.stringMatching(/^warn: not taken \(EDITION_UNKNOWN\): /),
    ]);
    app.clock.advance(dayMs);
    app.source.broadcast(wrong);
    expect(refusals()).toHaveLength(1);
  });

  it('names a license for later once, although its message says what time it is', () => {
    const later = issuer.issue({ nbf: nowS() + 7200 });
    app.log.take();
    for (let i = 0; i < 20; i += 1) {
      app.source.broadcast(later);
      app.clock.advance(5 * minuteMs);
    }
    const lines = app.log.take().filter((line) => line.includes('NOT_YET_VALID'));
    expect(lines).toEqual([expect.stringMatching(/^warn: not taken \(NOT_YET_VALID\): /)]);
  });

  it('takes an older license for a server that is being updated, and for more than that after ten minutes', () => {
    const [older, newer, another] = [issuer.issue(), issuer.issue(), issuer.issue()];
    app.source.broadcast(newer);
    app.log.take();
    app.clock.advance(10 * minuteMs - 1);
    app.source.broadcast(older);
    expect(app.log.take()).toEqual([expect.stringMatching(/^log: not taken: license serial \d+ is older/)]);
    app.source.broadcast(another);
    app.log.take();
    app.clock.advance(10 * minuteMs);
    app.source.broadcast(newer);
    expect(app.log.take()).toEqual([
      expect.stringMatching(/^warn: not taken \(ROLLBACK\): license serial \d+ is older/),
    ]);
  });

  it('says daily in the grace period that the license ends, while the state is said once', () => {
    const exp = nowS() + (7 * dayMs) / 1000;
    app.source.broadcast(issuer.issue({ license_expires: nowS() + 3600, exp }));
    app.log.take();
    app.clock.advance(8 * dayMs);
    const lines = app.log.take();
    expect(lines.filter((line) => line.includes('in its grace period, with'))).toHaveLength(7);
    expect(lines.filter((line) => line.startsWith('log: enterprise edition'))).toHaveLength(1);
  });

  it('says no longer that a license ends once its renewal is in force', () => {
    const day = dayMs / 1000;
    app.source.broadcast(issuer.issue({ exp: nowS() + 40 * day }));
    app.clock.advance(10 * dayMs);
    expect(app.log.take().filter((line) => line.includes(' ends in 30 days, at'))).toHaveLength(1);
    app.source.broadcast(issuer.issue({ exp: nowS() + 400 * day }));
    app.log.take();
    app.clock.advance(31 * dayMs);
    expect(app.log.take()).toEqual([]);
  });

  it('says once a day and code that somebody puts garbage on the bus, however much of it', () => {
    app.log.take();
    for (let i = 0; i < 100; i += 1) app.source.put(`garbage ${i}`);
    app.source.put('x'.repeat(100_000));
    expect(app.log.take()).toEqual([
      expect.stringMatching(/^warn: message dropped \(MALFORMED\): /),
      expect.stringMatching(/^warn: message dropped \(TOO_LARGE\): /),
    ]);
  });

  it('says that the key file cannot be saved, once, and that it is again', async () => {
    app.store.failure = new LicenseError('FILE_NOT_WRITTEN', 'key file: no space left');
    const license = issuer.issue();
    app.source.broadcast(license);
    app.source.broadcast(license);
    await until(() => app.store.writes === 2);
    expect(app.log.take().slice(2)).toEqual(['warn: key file: no space left']);
    expect(app.license.status).toMatchObject({
      active: true,
      persisted: false,
      persistError: 'key file: no space left',
    });
    app.store.failure = null;
    app.source.broadcast(license);
    await until(() => app.license.status.persisted);
    expect(app.log.take()).toEqual(['log: the key file is saved again']);
  });

  it('says that the system clock was set back, once a day, and judges by the later time', () => {
    app.source.broadcast(issuer.issue({ iat: nowS() }));
    app.log.take();
    app.clock.setWall(app.clock.wallMs() - dayMs);
    app.clock.advance(10 * minuteMs);
    expect(app.log.take()).toEqual([expect.stringMatching(/^warn: the system clock stands before /)]);
    expect(app.license.status).toMatchObject({ clockRolledBack: true, active: true });
  });

  it('never holds a key, an envelope, a license or the name of a customer', async () => {
    const store = new WatchedStore('damaged');
    const all = await new OfflineApp(issuer, { adapters: { store } }).start();
    const licenses = [
      issuer.issue({ aud: 'other' }),
      issuer.issue({ exp: nowS() + 60 }),
      (await TestIssuer.create()).issue(),
    ];
    for (const license of licenses) {
      all.source.broadcast(license);
      all.source.put(all.source.seal(license));
      all.clock.advance(minuteMs);
    }
    all.source.put('{"pattern":"license.key","data":{"v":1,"sealed":"a.b.c.d.e"}}');
    await all.stop();
    const lines = all.log.take().join('\n');
    expect(lines.split('\n').length).toBeGreaterThan(5);
    for (const secret of [...licenses, keyLine.split(':')[1] ?? '', 'Test Customer', 'customer-1', 'eyJ']) {
      expect(lines).not.toContain(secret);
    }
  });
});
