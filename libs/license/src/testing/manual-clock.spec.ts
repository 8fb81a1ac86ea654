import { ManualClock } from './manual-clock.js';

describe('a manual clock', () => {
  it('starts where it is told to, and stands still', () => {
    const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
    const before = [clock.wallMs(), clock.monotonicMs()];
    const end = performance.now() + 2;
    while (performance.now() < end); // real time passes
    expect([clock.wallMs(), clock.monotonicMs()]).toEqual(before);
    expect(clock.wallMs()).toBe(Date.UTC(2030, 0, 1));
    expect(new ManualClock().wallMs()).toBe(Date.UTC(2027, 0, 1));
  });

  it('moves both clocks when time passes, and only the wall clock when somebody sets it', () => {
    const clock = new ManualClock(5000);
    const monotonicMs = clock.monotonicMs();
    clock.advance(250);
    expect([clock.wallMs(), clock.monotonicMs() - monotonicMs]).toEqual([5250, 250]);
    clock.setWall(new Date(1000));
    expect([clock.wallMs(), clock.monotonicMs() - monotonicMs]).toEqual([1000, 250]);
    clock.advance(250);
    expect([clock.wallMs(), clock.monotonicMs() - monotonicMs]).toEqual([1250, 500]);
  });

  it('runs timers when they fall due, in the order of their times, once', () => {
    const clock = new ManualClock(0);
    const ran: string[] = [];
    clock.after(30, () => ran.push(`third at ${clock.wallMs()}`));
    clock.after(10, () => ran.push(`first at ${clock.wallMs()}`));
    clock.after(20, () => ran.push(`second at ${clock.wallMs()}`));
    clock.advance(20);
    expect(ran).toEqual(['first at 10', 'second at 20']);
    clock.advance(1000);
    expect(ran).toEqual(['first at 10', 'second at 20', 'third at 30']);
  });

  it('runs timers that a timer starts within the same passage of time', () => {
    const clock = new ManualClock(0);
    let ticks = 0;
    const tick = (): void => {
      ticks += 1;
      clock.after(10, tick);
    };
    clock.after(10, tick);
    clock.advance(100);
    expect(ticks).toBe(10);
  });

  it('ends where it should, however crooked the times of the timers on the way', () => {
    const clock = new ManualClock();
    const start = clock.wallMs();
    const tick = (): void => void clock.after(1000 / 7, tick);
    tick();
    clock.advance(3_600_000);
    expect(clock.wallMs()).toBe(start + 3_600_000);
  });

  it('forgets a timer that was cancelled, also by another one that falls due with it', () => {
    const clock = new ManualClock();
    const ran: string[] = [];
    clock.after(10, () => ran.push('cancelled'))();
    clock.after(10, () => cancelOther());
    const cancelOther = clock.after(10, () => ran.push('cancelled by the one before'));
    clock.advance(10);
    expect(ran).toEqual([]);
  });

  it('runs what falls due after somebody set the wall clock back', () => {
    const clock = new ManualClock();
    let ran = false;
    clock.after(10, () => (ran = true));
    clock.setWall(0);
    clock.advance(10);
    expect(ran).toBe(true);
  });
});
