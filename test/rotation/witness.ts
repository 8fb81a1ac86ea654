import { setTimeout } from 'node:timers/promises';

import type { RunningProgram } from './running-program.js';

const betweenMs = 50;

/** An answer of a service to a request for something that only enterprise has. */
export interface Testimony {
  readonly service: string;
  /** 0: no answer at all. */
  readonly status: number;
}

/** Asks services for an enterprise operation, all the time, and remembers each answer that was no. */
export class Witness {
  readonly refusals: Testimony[] = [];
  readonly #asked = new Map<string, number>();
  readonly #watching: Promise<void>[] = [];
  #stopped = false;

  /** Asks this service until it is stopped. */
  watch(name: string, service: RunningProgram): void {
    this.#watching.push(this.#ask(name, service));
  }

  /** How often a service was asked so far, over all its restarts. */
  asked(name: string): number {
    return this.#asked.get(name) ?? 0;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#watching);
  }

  async #ask(name: string, service: RunningProgram): Promise<void> {
    while (!this.#stopped && !service.isStopped) {
      try {
        const { status } = await service.get('/operate-logs');
        this.#asked.set(name, this.asked(name) + 1);
        if (status !== 200) this.refusals.push({ service: name, status });
      } catch {
        // Stopping a service cuts an answer short; nothing else may.
        if (!service.isStopped) this.refusals.push({ service: name, status: 0 });
      }
      await setTimeout(betweenMs);
    }
  }
}
