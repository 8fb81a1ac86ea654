import type { Clock } from '@latchkey/license';
import { systemClock } from '@latchkey/license/protocol';

/** The clock of this machine, whose monotonic time and timers run `times` as fast: waiting for minutes takes seconds. */
export function fastClock(times: number): Clock {
  return {
    wallMs: () => systemClock.wallMs(),
    monotonicMs: () => systemClock.monotonicMs() * times,
    after: (delayMs, task) => systemClock.after(delayMs / times, task),
  };
}
