/**
 * Time as the library sees it. Everything that needs time takes a Clock, so that tests can turn it by hand.
 * Timers started here never keep a process alive.
 */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970 (UTC). Whoever sets the machine's clock moves it. */
  wallMs(): number;
  /** Milliseconds since an arbitrary start; never goes back, whatever happens to the wall clock. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs` (capped at 24 days). The returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

// setTimeout takes a signed 32-bit number of milliseconds and fires at once above it.
const maxDelayMs = 24 * 24 * 60 * 60 * 1000;

/** The clock of this machine. */
export const systemClock: Clock = Object.freeze({
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs: number, task: () => void) {
    const timer = setTimeout(task, Math.min(delayMs, maxDelayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
});

/**
 * `ms` moved by a random part of itself, so that a fleet does not act in step.
 *
 * @param share the largest part, 0 to 1: `jittered(60_000, 0.1)` is 54 000 to 66 000
 */
export function jittered(ms: number, share: number): number {
  return ms * (1 - share + 2 * share * Math.random());
}
