import type { Clock } from '../core/clock.js';

/** A clock that stands still until it is turned. Wall clock and monotonic clock can be moved apart. */
export class ManualClock implements Clock {
  #monotonicMs = 1000;
  /** What the wall clock is ahead of the monotonic one. Sums of fractions would not end where they should. */
  #wallAheadMs: number;
  #tasks: { dueMs: number; task: () => void }[] = [];

  /** @param start the wall clock's first reading, default 2027-01-01T00:00:00Z */
  constructor(start: Date | number = Date.UTC(2027, 0, 1)) {
    this.#wallAheadMs = Number(start) - this.#monotonicMs;
  }

  wallMs(): number {
    return this.#monotonicMs + this.#wallAheadMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, task: () => void): () => void {
    const entry = { dueMs: this.#monotonicMs + delayMs, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  /** Lets time pass: both clocks move, and timers that fall due run in order. */
  advance(ms: number): void {
    const end = this.#monotonicMs + ms;
    for (;;) {
      const due = this.#tasks.filter((task) => task.dueMs <= end).toSorted((a, b) => a.dueMs - b.dueMs)[0];
      if (due === undefined) break;
      this.#move(due.dueMs);
      this.#tasks = this.#tasks.filter((other) => other !== due);
      due.task();
    }
    this.#move(end);
  }

  /** Somebody sets the machine's clock: the wall clock jumps, no time passes. */
  setWall(to: Date | number): void {
    this.#wallAheadMs = Number(to) - this.#monotonicMs;
  }

  #move(toMonotonicMs: number): void {
    this.#monotonicMs = Math.max(this.#monotonicMs, toMonotonicMs);
  }
}
