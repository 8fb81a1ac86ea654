import { RefresherBench } from '../../test/refresher-bench.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';

const minuteMs = 60_000;
let issuer: TestIssuer;
let clock: ManualClock;
let bench: RefresherBench;

const settled = (): boolean => bench.told.includes('settled') && !bench.refresher.pending;

beforeAll(async () => {
  issuer = await TestIssuer.create();
});
beforeEach(() => {
  clock = new ManualClock(Date.now());
  bench = new RefresherBench(issuer, clock);
});

describe('what comes in', () => {
  beforeEach(() => {
    bench.refresher.start();
    bench.source.connect();
    bench.told.length = 0;
  });

  it('is judged, wherever it comes from, and told with its origin', () => {
    const [older, license, newer] = [issuer.issue(), issuer.issue(), issuer.issue()];
    bench.source.reply(license);
    bench.source.broadcast(license);
    bench.source.retained(older);
    bench.source.broadcast(null);
    bench.source.broadcast(newer);
    expect(bench.told).toEqual([
      'reply accepted',
      'broadcast unchanged',
      'retained ROLLBACK',
      'broadcast none',
      'broadcast accepted',
    ]);
  });

  it('is dropped when nobody of this deployment sealed it, with its code', () => {
    bench.source.put('');
    bench.source.put('{"pattern":"license.key","data":{"v":1,"sealed":"a.b.c.d.e"}}');
    bench.source.put('x'.repeat(64 * 1024 + 1));
    expect(bench.told).toEqual(['dropped MALFORMED', 'dropped MALFORMED', 'dropped TOO_LARGE']);
  });

  it('as a reply is a word of a server or is none', () => {
    expect(bench.source.reply(issuer.issue())).toBe(true);
    expect(bench.source.reply(null)).toBe(true);
    bench.source.put('garbage');
    expect(bench.told.at(-1)).toBe('dropped MALFORMED');
  });

  it('as a flood of broadcasts is opened ten times a second at most, and does not silence replies', () => {
    for (let ms = 0; ms < 5000; ms += 1) {
      bench.source.broadcast(null);
      clock.advance(1);
    }
    const opened = bench.told.length;
    expect(opened).toBeGreaterThan(40);
    expect(opened).toBeLessThanOrEqual(5 * 10 + 10);
    for (let i = 0; i < 20; i += 1) bench.source.broadcast(null);
    expect(bench.source.reply(issuer.issue())).toBe(true);
    expect(bench.active).toBe(true);
  });

  it('makes it fresh for 15 minutes, unless it is an old recording', () => {
    const { refresher, source } = bench;
    expect([refresher.fresh, refresher.clockOffsetMs]).toEqual([false, null]);
    source.broadcast(issuer.issue(), clock.wallMs() - 15 * minuteMs);
    source.broadcast(issuer.issue(), clock.wallMs() + 15 * minuteMs + 1000);
    expect([refresher.fresh, refresher.clockOffsetMs]).toEqual([false, null]);
    const nowS = Math.floor(clock.wallMs() / 1000);
    clock.setWall(nowS * 1000);
    source.broadcast(issuer.issue(), clock.wallMs() - 14 * minuteMs);
    expect([refresher.fresh, refresher.clockOffsetMs]).toEqual([true, -14 * minuteMs]);
    clock.advance(15 * minuteMs - 1);
    expect(refresher.fresh).toBe(true);
    clock.advance(1);
    expect(refresher.fresh).toBe(false);
  });
});

describe('while the first answer is awaited', () => {
  beforeEach(() => {
    bench.refresher.expectAnswer(10_000);
    bench.refresher.start();
  });
  it('an instance is pending, and no longer than it is told to be', () => {
    bench.source.connect();
    clock.advance(9999);
    expect(settled()).toBe(false);
    clock.advance(1);
    expect(settled()).toBe(true);
  });

  it('a license ends it', () => {
    bench.source.connect();
    bench.source.reply(issuer.issue());
    expect([settled(), bench.active]).toEqual([true, true]);
  });

  it('a license that cannot be accepted ends it, too: now it is known why there is none', () => {
    bench.source.connect();
    bench.source.reply(issuer.issue({ aud: 'other' }));
    expect([settled(), bench.active]).toEqual([true, false]);
  });

  it('a broker that cannot be reached ends it: there is nothing to wait for', () => {
    bench.source.lose();
    expect(settled()).toBe(true);
  });

  it('"I have none", garbage and an unreadable seal do not end it', () => {
    bench.source.connect();
    bench.source.reply(null);
    bench.source.put('garbage');
    bench.source.put('{"pattern":"license.key","data":{"v":1,"sealed":"a.b.c.d.e"}}');
    expect(settled()).toBe(false);
  });

  it('the end comes once', () => {
    bench.source.lose();
    bench.source.connect();
    bench.source.reply(issuer.issue());
    clock.advance(60_000);
    expect(bench.told.filter((word) => word === 'settled')).toHaveLength(1);
  });

  it('a stop leaves nothing behind', async () => {
    await bench.refresher.stop();
    clock.advance(60_000);
    expect(bench.told).toEqual([]);
  });
});

it('nothing is awaited with a license in force', () => {
  bench.instance.hear();
  bench.refresher.expectAnswer(10_000);
  expect(bench.refresher.pending).toBe(false);
});

describe('a license for later', () => {
  beforeEach(() => {
    bench.refresher.start();
    bench.source.connect();
  });

  it('takes over by itself within a minute of its beginning', () => {
    const nowS = Math.floor(clock.wallMs() / 1000);
    bench.source.reply(issuer.issue());
    bench.source.reply(issuer.issue({ edition: 'flagship', nbf: nowS + 3600 }));
    const edition = (): string | undefined => bench.instance.state.current?.signed.license.edition;
    expect(bench.told.slice(-1)).toEqual(['reply NOT_YET_VALID']);
    clock.advance(59 * minuteMs);
    expect(edition()).toBe('enterprise');
    clock.advance(2 * minuteMs);
    expect([edition(), bench.told.at(-1)]).toEqual(['flagship', 'file accepted']);
  });

  it('is looked at once a minute, and told of only when it is something new', () => {
    bench.source.reply(issuer.issue({ nbf: Math.floor(clock.wallMs() / 1000) + 86_400 }));
    const { length } = bench.told;
    clock.advance(10 * minuteMs);
    expect([bench.minutes, bench.told.length]).toEqual([10, length]);
  });
});
