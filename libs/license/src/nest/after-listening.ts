import type { HttpAdapterHost } from '@nestjs/core';

import type { Clock } from '../core/clock.js';

/** An application that is initialized and never listens, as in tests, waits no longer. */
const waitAtMostMs = 1_000;

/**
 * Runs `task` once the application listens; at once when it listens already, or speaks no HTTP.
 *
 * @returns stops waiting
 */
export function afterListening(
  host: HttpAdapterHost | undefined,
  clock: Clock,
  task: () => void,
): () => void {
  if (!host?.httpAdapter || host.listening) {
    task();
    return () => {};
  }
  let waiting = true;
  const stop = (): void => {
    waiting = false;
    listening.unsubscribe();
    cancelTimer();
  };
  const run = (): void => {
    if (!waiting) return;
    stop();
    task();
  };
  // Not in the middle of listen(): whoever awaits it goes first.
  const listening = host.listen$.subscribe(() => void setImmediate(run));
  const cancelTimer = clock.after(waitAtMostMs, run);
  return stop;
}
