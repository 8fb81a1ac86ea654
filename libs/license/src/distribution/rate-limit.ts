import type { Clock } from '../core/clock.js';

/** Lets a bounded number of things through per second; a short burst of the same size is fine. */
export class RateLimit {
  #tokens: number;
  #filledAtMs: number;

  constructor(
    private readonly perSecond: number,
    private readonly clock: Clock,
  ) {
    this.#tokens = perSecond;
    this.#filledAtMs = clock.monotonicMs();
  }

  /** True when one more may pass now. */
  take(): boolean {
    const nowMs = this.clock.monotonicMs();
    const earned = ((nowMs - this.#filledAtMs) / 1000) * this.perSecond;
    this.#tokens = Math.min(this.perSecond, this.#tokens + earned);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
