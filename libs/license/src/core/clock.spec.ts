import { until } from '../testing/until.js';
import { jittered, systemClock } from './clock.js';

describe('the clock of this machine', () => {
  it('tells the wall clock in milliseconds since 1970, and a time that never goes back', () => {
    expect(Math.abs(systemClock.wallMs() - Date.now())).toBeLessThan(1_000);
    const readings = Array.from({ length: 1_000 }, () => systemClock.monotonicMs());
    expect(readings).toEqual(readings.toSorted((a, b) => a - b));
  });

  it('runs a task once, not before its time', async () => {
    const startMs = systemClock.monotonicMs();
    const ranAfterMs: number[] = [];
    systemClock.after(30, () => ranAfterMs.push(systemClock.monotonicMs() - startMs));
    await until(() => ranAfterMs.length > 0);
    expect(ranAfterMs).toHaveLength(1);
    expect(ranAfterMs[0]).toBeGreaterThanOrEqual(29); // timers may fire up to a millisecond early
  });

  it('neither runs a task that was cancelled nor, at once, one that is due in years', async () => {
    const ran: string[] = [];
    systemClock.after(1, () => ran.push('cancelled'))();
    const cancel = systemClock.after(365 * 24 * 60 * 60 * 1000, () => ran.push('in a year'));
    systemClock.after(20, () => ran.push('soon'));
    await until(() => ran.includes('soon'));
    cancel();
    expect(ran).toEqual(['soon']);
  });
});

describe('jitter', () => {
  it('moves a time by its share at most, both ways', () => {
    const samples = Array.from({ length: 1_000 }, () => jittered(1_000, 0.1));
    expect(Math.min(...samples)).toBeGreaterThanOrEqual(900);
    expect(Math.max(...samples)).toBeLessThanOrEqual(1_100);
    expect(Math.min(...samples)).toBeLessThan(950);
    expect(Math.max(...samples)).toBeGreaterThan(1_050);
    expect(jittered(1_000, 0)).toBe(1_000);
  });
});
