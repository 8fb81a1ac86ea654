import { ManualClock } from '../testing/manual-clock.js';
import { RateLimit } from './rate-limit.js';

describe('a rate limit of 10 per second', () => {
  const clock = new ManualClock();
  let limit: RateLimit;
  beforeEach(() => {
    limit = new RateLimit(10, clock);
  });
  const passing = (attempts: number): number =>
    Array.from({ length: attempts }, () => limit.take()).filter(Boolean).length;

  it('lets a burst of 10 through, and not one more', () => {
    expect(passing(1000)).toBe(10);
  });

  it('lets one more through after each tenth of a second', () => {
    passing(10);
    clock.advance(99);
    expect(passing(5)).toBe(0);
    clock.advance(1);
    expect(passing(5)).toBe(1);
  });

  it('lets 10 a second through under a flood, however often it is asked', () => {
    passing(10);
    let passed = 0;
    for (let ms = 0; ms < 10_000; ms += 1) {
      clock.advance(1);
      passed += passing(3);
    }
    expect(passed).toBeGreaterThanOrEqual(99);
    expect(passed).toBeLessThanOrEqual(100);
  });

  it('saves nothing up beyond one burst', () => {
    clock.advance(3_600_000);
    expect(passing(1000)).toBe(10);
  });

  it('does not look at the wall clock', () => {
    passing(10);
    clock.setWall(clock.wallMs() + 3_600_000);
    expect(passing(1)).toBe(0);
  });
});
