import { RefresherBench } from '../../test/refresher-bench.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';

const minuteMs = 60_000;

describe('when an instance asks for its license', () => {
  let clock: ManualClock;
  let issuer: TestIssuer;
  let bench: RefresherBench;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(() => {
    clock = new ManualClock(Date.now());
    bench = start();
  });
  const start = (): RefresherBench => {
    const started = new RefresherBench(issuer, clock);
    started.refresher.start();
    return started;
  };
  const startLicensed = (): RefresherBench => {
    const licensed = start();
    licensed.instance.hear();
    return licensed;
  };

  it('at once after connecting, without a license', () => {
    expect(bench.asksWithin(10 * minuteMs)).toBe(0);
    bench.source.connect();
    expect(bench.source.askedAtMs).toEqual([clock.monotonicMs()]);
  });

  it('within three seconds after connecting, with one: a fleet does not come back in one burst', () => {
    const fleet = Array.from({ length: 60 }, startLicensed);
    const connectedMs = clock.monotonicMs();
    for (const { source } of fleet) source.connect();
    clock.advance(3000);
    const delays = fleet.map(({ source }) => (source.askedAtMs[0] ?? Infinity) - connectedMs);
    expect(Math.max(...delays)).toBeLessThanOrEqual(3000);
    expect(Math.max(...delays)).toBeGreaterThan(2000);
    expect(Math.min(...delays)).toBeLessThan(1000);
    expect(delays).not.toContain(0);
  });

  it('again and again until it is heard: after a second at first, then less often, once a minute in the end', () => {
    bench.source.connect();
    clock.advance(20 * minuteMs);
    const { askedAtMs } = bench.source;
    const gaps = askedAtMs.slice(1).map((atMs, index) => atMs - (askedAtMs[index] ?? 0));
    const expected = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000];
    for (const [index, gap] of expected.entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(0.75 * gap);
      expect(gaps[index]).toBeLessThanOrEqual(1.25 * gap);
    }
    expect(Math.max(...gaps)).toBeLessThanOrEqual(75_000);
  });

  /** Lives through the second question after a connect, which is answered, too. */
  const settle = ({ source }: RefresherBench, license: string | null): void => {
    source.reply(license);
    const asked = source.askedAtMs.length;
    clock.advance(6000);
    expect(source.askedAtMs).toHaveLength(asked + 1);
    source.reply(license);
  };

  it('once more, three to six seconds after the first word: a renewal may have passed by in between', () => {
    const fleet = Array.from({ length: 60 }, start);
    for (const { source } of fleet) source.connect();
    const heardMs = clock.monotonicMs();
    const license = issuer.issue();
    for (const { source } of fleet) source.reply(license);
    clock.advance(1000);
    for (const { source } of fleet) source.broadcast(license); // what is said meanwhile changes nothing
    clock.advance(9000);
    const delays = fleet.flatMap(({ source }) => source.askedAtMs.slice(1).map((atMs) => atMs - heardMs));
    expect(delays).toHaveLength(fleet.length);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(3000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(6000);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(1500);
  });

  it('not for that reason, when the way was closed meanwhile', () => {
    bench.source.connect();
    bench.source.reply(issuer.issue());
    bench.source.lose();
    expect(bench.asksWithin(10_000)).toBe(0);
  });

  it('no more once it was answered; after seven and a half minutes of silence, once a minute', () => {
    bench.source.connect();
    settle(bench, issuer.issue());
    expect(bench.asksWithin(6.7 * minuteMs)).toBe(0);
    expect(bench.asksWithin(1.6 * minuteMs)).toBeGreaterThan(0);
    clock.advance(10 * minuteMs);
    const { askedAtMs } = bench.source;
    const gaps = askedAtMs.slice(3).map((atMs, index) => atMs - (askedAtMs[index + 2] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(45_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(75_000);
  });

  it('never, while broadcasts come every five minutes', () => {
    bench.source.connect();
    const license = issuer.issue();
    settle(bench, license);
    for (let i = 0; i < 12; i += 1) {
      expect(bench.asksWithin(5 * minuteMs)).toBe(0);
      bench.source.broadcast(license);
    }
  });

  it('also after "I have none", only later: a server is there', () => {
    bench.source.connect();
    settle(bench, null);
    expect(bench.asksWithin(6.7 * minuteMs)).toBe(0);
    expect(bench.asksWithin(1.6 * minuteMs)).toBeGreaterThan(0);
  });

  it('as if nothing had been said, when an old recording is played to it', () => {
    const hold = issuer.issue();
    bench.source.connect();
    bench.source.reply(hold);
    clock.advance(6 * minuteMs);
    for (let i = 0; i < 40; i += 1) {
      bench.source.broadcast(hold, clock.wallMs() - 15 * minuteMs);
      clock.advance(3000);
    }
    clock.advance(minuteMs);
    expect(bench.source.askedAtMs.length).toBeGreaterThan(1);
  });

  it('as if nothing had been said, when garbage is put on the bus', () => {
    bench.source.connect();
    for (let i = 0; i < 100; i += 1) {
      bench.source.put('garbage');
      clock.advance(100);
    }
    expect(bench.source.askedAtMs.length).toBeGreaterThan(2);
  });

  it('not while the way is closed, and at once when it opens again', () => {
    bench.source.connect();
    bench.source.lose();
    expect(bench.asksWithin(10 * minuteMs)).toBe(0);
    bench.source.connect();
    expect(bench.source.askedAtMs.at(-1)).toBe(clock.monotonicMs());
  });

  it('with patience new after each connect', () => {
    bench.source.connect();
    clock.advance(20 * minuteMs);
    bench.source.lose();
    bench.source.connect();
    expect(bench.asksWithin(10_000)).toBeGreaterThanOrEqual(2);
  });

  it('as after one reconnect, when a driver reports it eleven times', () => {
    for (let i = 0; i < 11; i += 1) bench.source.connect();
    expect(bench.source.askedAtMs).toHaveLength(1);
    const licensed = startLicensed();
    for (let i = 0; i < 11; i += 1) licensed.source.connect();
    for (let ms = 0; ms < 10_000; ms += 100) {
      if (licensed.asksWithin(100) > 0) licensed.source.reply(issuer.issue());
    }
    expect(licensed.source.askedAtMs).toHaveLength(2);
  });

  it('when somebody says so, as long as there is a way', () => {
    bench.refresher.ask();
    expect(bench.source.askedAtMs).toHaveLength(0);
    bench.source.connect();
    bench.refresher.ask();
    expect(bench.source.askedAtMs).toHaveLength(2);
  });

  it('never again after it was stopped', async () => {
    bench.source.connect();
    await bench.refresher.stop();
    expect(bench.source.stopped).toBe(true);
    expect(bench.asksWithin(60 * minuteMs)).toBe(0);
    expect(bench.minutes).toBe(0);
  });
});
