import type { Clock } from '../core/clock.js';

const toleratedRollbackMs = 10 * 60 * 1000;

/**
 * The time it is at least: the latest vendor-signed time accepted, carried on by the monotonic clock. A clock set
 * back gains at most the time the process was switched off. Neither the wall clock nor an envelope ever raises it,
 * or one host or server with a wrong clock would end every license for good (protocol section 6).
 */
export class TimeFloor {
  #floorMs = 0;
  #raisedAtMs: number;

  constructor(private readonly clock: Clock) {
    this.#raisedAtMs = clock.monotonicMs();
  }

  /** The floor now, in milliseconds since 1970. */
  get valueMs(): number {
    return this.#floorMs + (this.clock.monotonicMs() - this.#raisedAtMs);
  }

  /** Raises the floor to a vendor-signed time, or to a floor saved earlier; never lowers it. */
  raise(toMs: number): void {
    if (toMs <= this.valueMs) return;
    this.#floorMs = toMs;
    this.#raisedAtMs = this.clock.monotonicMs();
  }

  /** The effective now that licenses are judged by: the wall clock, or the floor when that is later. */
  nowMs(): number {
    return Math.max(this.clock.wallMs(), this.valueMs);
  }

  /** True when the wall clock stands more than 10 minutes before the floor: somebody set it back. */
  get clockRolledBack(): boolean {
    return this.clock.wallMs() < this.valueMs - toleratedRollbackMs;
  }
}
