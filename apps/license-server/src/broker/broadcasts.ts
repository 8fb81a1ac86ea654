import type { OnApplicationBootstrap } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { merge } from 'rxjs';

import { jittered } from '@latchkey/license/protocol';

import type { LicenseWatch } from '../license/license-watch.js';
import type { Sealer } from '../license/sealer.js';
import type { Publisher } from './publisher.js';
import type { RetainedCopy } from './retained-copy.js';

const intervalJitter = 0.1;
const settleMs = 100;

/**
 * Decides when to broadcast: when the license changes or what goes with it, when the broker is (again) there, and at every interval. Only
 * a license is ever broadcast: that there is none would change nothing anywhere.
 */
export class Broadcasts implements OnApplicationBootstrap {
  constructor(
    private readonly intervalMs: number,
    private readonly license: LicenseWatch,
    private readonly sealer: Sealer,
    private readonly publisher: Publisher,
    private readonly retainedCopy: RetainedCopy,
    private readonly scheduler: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    merge(this.license.changes$, this.sealer.changes$).subscribe(() => this.soon());
    this.#again();
  }

  /** Broadcasts in a moment: the driver reports one reconnect many times. */
  soon(): void {
    this.#schedule('license broadcast soon', settleMs, () => void this.#broadcast());
  }

  #again(): void {
    this.#schedule('license broadcast', jittered(this.intervalMs, intervalJitter), () => {
      this.#again();
      void this.#broadcast();
    });
  }

  async #broadcast(): Promise<void> {
    await this.#publish();
    // Looked at each time, so that a stream that was deleted, or forbidden so far, needs no restart.
    if (await this.retainedCopy.ensure()) await this.#publish();
  }

  async #publish(): Promise<void> {
    const { current } = this.license;
    if (current !== null) await this.publisher.publish(this.sealer.seal(current.jws));
  }

  /** The registry clears its timers at shutdown. */
  #schedule(name: string, delayMs: number, task: () => void): void {
    if (this.scheduler.doesExist('timeout', name)) return;
    const timer = setTimeout(() => {
      this.scheduler.deleteTimeout(name);
      task();
    }, delayMs);
    this.scheduler.addTimeout(name, timer.unref());
  }
}
