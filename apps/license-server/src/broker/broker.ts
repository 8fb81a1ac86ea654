import type { BeforeApplicationShutdown, LoggerService } from '@nestjs/common';

import type { Clock } from '@latchkey/license/protocol';

import { BrokerLink, type Transport } from './broker-link.js';

/** What a connection is for: Nest keeps one for sending and one for answering. */
export type LinkPurpose = 'broadcasts' | 'requests';

/** The server's connections to NATS: keeps them up, says once when they fail and when they are back. */
export class Broker implements BeforeApplicationShutdown {
  readonly #links: BrokerLink[] = [];
  readonly #troubles = new Map<LinkPurpose, string>([
    ['broadcasts', 'connecting'],
    ['requests', 'connecting'],
  ]);
  readonly #refusals = new Map<LinkPurpose, string>();
  readonly #told = new Set<string>();

  /** @param servers the addresses of the broker; only host and port of them are ever shown */
  constructor(
    private readonly servers: readonly string[],
    private readonly clock: Clock,
    private readonly logger: LoggerService,
  ) {}

  /** Why a connection is down; null when all are up. */
  get trouble(): string | null {
    const latest = [...this.#troubles.values()].at(-1);
    return latest === undefined ? null : `not connected to NATS at ${this.#hosts()}: ${latest}`;
  }

  /** What the broker does not permit this server to do; null when nothing is known to be missing. */
  get refusal(): string | null {
    return this.#refusals.values().next().value ?? null;
  }

  /** True while the connection for this purpose is up. */
  isConnected(purpose: LinkPurpose): boolean {
    return !this.#troubles.has(purpose);
  }

  /**
   * Keeps a connection up from now on, and closes it at shutdown. Returns at once.
   *
   * @param onConnected called at each connect and reconnect
   */
  keep(purpose: LinkPurpose, transport: Transport, onConnected: () => void = () => {}): void {
    const link = new BrokerLink(
      transport,
      this.clock,
      (trouble) => {
        if (trouble === null) this.#up(purpose, onConnected);
        else this.#down(purpose, trouble);
      },
      (refusal) => {
        if (refusal === null) this.#refusals.delete(purpose);
        else this.#refusals.set(purpose, refusal);
      },
    );
    this.#links.push(link);
    link.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.stop()));
    for (const purpose of ['broadcasts', 'requests'] as const) this.#troubles.set(purpose, 'closed');
  }

  #up(purpose: LinkPurpose, onConnected: () => void): void {
    this.#troubles.delete(purpose);
    if (this.#troubles.size === 0) {
      this.#told.clear();
      this.logger.log(`connected to NATS at ${this.#hosts()}`);
    }
    onConnected();
  }

  #down(purpose: LinkPurpose, trouble: string): void {
    this.#troubles.delete(purpose); // so that the latest one stands last
    this.#troubles.set(purpose, trouble);
    if (this.#told.has(trouble)) return;
    this.#told.add(trouble);
    this.logger.warn(`${this.trouble}; trying again in the background, services keep the license they hold`);
  }

  #hosts(): string {
    return this.servers.map((server) => server.replace(/^.*(:\/\/|@)/, '')).join(', ');
  }
}
