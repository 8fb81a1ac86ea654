import { setImmediate } from 'node:timers/promises';

import type { LoggerService } from '@nestjs/common';
import { firstValueFrom, from, timeout } from 'rxjs';

import { sealedMessage, type Clock } from '@latchkey/license/protocol';

import type { Broker } from './broker.js';
import type { BroadcastClient } from './nats-transport.js';

const limitMs = 5_000;

/** Sends broadcasts, and knows whether the broker really got them. */
export class Publisher {
  #lastPublishedAtMs: number | null = null;
  #trouble: string | null = null;

  /** @param subject where broadcasts go */
  constructor(
    private readonly subject: string,
    private readonly client: BroadcastClient,
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly logger: LoggerService,
  ) {}

  /** When the broker last had a broadcast; milliseconds since 1970. */
  get lastPublishedAtMs(): number | null {
    return this.#lastPublishedAtMs;
  }

  /** Why the last broadcast did not reach the broker; null when it did. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Broadcasts one envelope. Does nothing while the broker is away: whoever calls this does so again at reconnect. */
  async publish(sealed: string): Promise<void> {
    if (!this.broker.isConnected('broadcasts')) return;
    let refusal: string | null = null;
    const refusals = this.client.refusals$.subscribe((text) => {
      refusal = text;
    });
    try {
      const connection = this.client.unwrap<{ flush(): Promise<void> }>();
      const sent = firstValueFrom(this.client.emit<void>(this.subject, sealedMessage(sealed)));
      // Nest is content once the message is buffered; only the broker's answer to a flush says that it has it.
      const reached = sent.then(() => connection.flush());
      await firstValueFrom(from(reached).pipe(timeout(limitMs)));
      await setImmediate(); // a refusal comes before the answer to the flush, and is told a moment later
      if (refusal !== null) throw new Error(refusal);
      this.#lastPublishedAtMs = this.clock.wallMs();
      this.#trouble = null;
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      if (this.#trouble === null) {
        this.logger.warn(`the broadcast did not reach the broker: ${trouble}; the next one may`);
      }
      this.#trouble = trouble;
    } finally {
      refusals.unsubscribe();
    }
  }
}
