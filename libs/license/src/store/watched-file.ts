import { statSync } from 'node:fs';

import type { Clock } from '../core/clock.js';

const pollIntervalMs = 2_000;

/**
 * Tells when a file may hold something else: written in place, replaced by rename, or reached through another
 * link (Kubernetes swaps a symlink). It asks again and again, which sees everything that notifications miss.
 */
export class WatchedFile {
  #fingerprint: string;
  #cancel: () => void;

  /**
   * @param path of the file, which need not exist
   * @param clock counts the time between two looks
   * @param changed called after each change; must not throw
   * @param intervalMs time between two looks, default 2 s
   */
  constructor(
    private readonly path: string,
    private readonly clock: Clock,
    private readonly changed: () => void,
    private readonly intervalMs: number = pollIntervalMs,
  ) {
    this.#fingerprint = fingerprintOf(path);
    this.#cancel = this.#arm();
  }

  /** Looks no more. */
  stop(): void {
    this.#cancel();
  }

  #arm(): () => void {
    return this.clock.after(this.intervalMs, () => {
      const fingerprint = fingerprintOf(this.path);
      if (fingerprint !== this.#fingerprint) {
        this.#fingerprint = fingerprint;
        this.changed();
      }
      this.#cancel = this.#arm();
    });
  }
}

/** Another text as soon as the file may hold something else. Costs one `stat`, whatever is at the path. */
export function fingerprintOf(path: string): string {
  try {
    const { dev, ino, size, mode, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mode, mtimeNs, ctimeNs].join();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  }
}
