import { ManualClock } from '../testing/manual-clock.js';
import { expiryWarning, type ExpiryWarning } from './expiry-warning.js';
import type { License } from './license.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const softEndMs = Date.UTC(2027, 11, 1);
const hardEndMs = Date.UTC(2027, 11, 15);

const license = {
  id: 'license-1',
  customer: { id: 'customer-1', name: 'Test Customer' },
  issuedAtMs: softEndMs - 365 * dayMs,
  notBeforeMs: -Infinity,
  softEndMs,
  hardEndMs,
} as License;

/** A process that asks once a minute, as instances do, and keeps what it said. */
class Process {
  readonly clock: ManualClock;
  readonly said: string[] = [];
  #last: ExpiryWarning | null = null;

  constructor(daysBefore: number) {
    this.clock = new ManualClock(softEndMs - daysBefore * dayMs);
  }

  ask(about = license): string[] {
    const before = this.said.length;
    const warning = expiryWarning(about, this.clock.wallMs(), this.clock.monotonicMs(), this.#last);
    if (warning !== null) {
      this.#last = warning;
      this.said.push(warning.message);
    }
    return this.said.slice(before);
  }

  /** Lets time pass. @returns when it said something, in days before the soft end */
  pass(ms: number, about = license): number[] {
    const saidAt: number[] = [];
    for (let passed = 0; passed < ms; passed += minuteMs) {
      this.clock.advance(minuteMs);
      if (this.ask(about).length > 0) saidAt.push((softEndMs - this.clock.wallMs()) / dayMs);
    }
    return saidAt;
  }
}

describe('the coming end of a license', () => {
  it('is said 30, 7 and 1 day before the soft end, and daily in the grace period, until the hard end', () => {
    const daily = Array.from({ length: 14 }, (_, day) => 0 - day);
    expect(new Process(40).pass(60 * dayMs)).toEqual([30, 7, 1, ...daily]);
  });

  it('is said with the days left, the date and what to do, and without the customer', () => {
    const process = new Process(30);
    expect(process.ask()).toEqual([
      'license license-1 ends in 30 days, at 2027-12-01T00:00:00.000Z: install its renewal, or services run without a license from 2027-12-15T00:00:00.000Z on',
    ]);
    process.clock.setWall(softEndMs);
    expect(process.ask()).toEqual([
      'license license-1 has ended and is in its grace period, with 14 days left: install its renewal before 2027-12-15T00:00:00.000Z, or services run without a license from then on',
    ]);
    expect(process.said.join()).not.toMatch(/customer/i);
  });

  it.each([
    [20.4, '20 days'],
    [1, '1 day'],
    [0.9, '1 day'],
    [0.4, 'less than a day'],
  ])('%d days before is said by a process that starts then: %s', (daysBefore, text) => {
    const process = new Process(daysBefore);
    expect(process.ask()).toEqual([expect.stringContaining(`ends in ${text}, at`)]);
    expect(process.ask()).toEqual([]);
  });

  it('is said by a process that starts in the grace period, and then daily', () => {
    const process = new Process(-3.5);
    expect(process.ask()).toEqual([expect.stringContaining('with 11 days left')]); // 10.5
    expect(process.pass(3 * dayMs)).toEqual([-4.5, -5.5, -6.5]);
  });

  it('is said at once when the grace period begins, also soon after another warning', () => {
    const process = new Process(0.25);
    process.ask();
    expect(process.pass(2 * dayMs)).toEqual([0, -1]);
  });

  it('is said at once of another license', () => {
    const process = new Process(5);
    process.ask();
    expect(process.ask({ ...license, id: 'license-2' })).toHaveLength(1);
    expect(process.ask({ ...license, id: 'license-3', softEndMs: softEndMs + 365 * dayMs })).toEqual([]);
  });

  it('is said at most once a day while the wall clock jumps', () => {
    const process = new Process(40);
    process.ask();
    for (let i = 0; i < 600; i += 1) {
      const days = [40, 20, 5, 0.5][i % 4] ?? 0;
      process.clock.setWall(softEndMs - days * dayMs);
      process.clock.advance(minuteMs);
      process.ask();
    }
    expect(process.said).toHaveLength(1);
  });

  it.each([
    ['is perpetual', { softEndMs: Infinity, hardEndMs: Infinity }],
    ['ends in more than 30 days', { softEndMs: softEndMs + 31 * dayMs }],
    ['has ended for good', { softEndMs: 0, hardEndMs: softEndMs }],
    ['has not begun', { notBeforeMs: softEndMs + hourMs }],
  ])('is not said of one that %s', (_what, changes) => {
    expect(new Process(0).ask({ ...license, ...changes })).toEqual([]);
  });
});
