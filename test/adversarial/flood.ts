import type { NatsConnection, PublishOptions } from 'nats';

const tickMs = 10;

/** Publishes packets at a steady rate, whatever becomes of them. */
export class Flood {
  #sent = 0;
  readonly #startMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #payloads: readonly Uint8Array[];

  private constructor(
    private readonly connection: NatsConnection,
    private readonly subject: string,
    packets: readonly string[],
    private readonly perSecond: number,
    private readonly options: PublishOptions,
  ) {
    this.#payloads = packets.map((packet) => Buffer.from(packet));
    this.#timer = setInterval(() => this.#catchUp(), tickMs);
  }

  /** @param packets sent in turn */
  static start(
    connection: NatsConnection,
    subject: string,
    packets: readonly string[],
    perSecond: number,
    options: PublishOptions = {},
  ): Flood {
    return new Flood(connection, subject, packets, perSecond, options);
  }

  /** How many were sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** @returns how many were sent per second, as the broker has them */
  async stop(): Promise<number> {
    clearInterval(this.#timer);
    await this.connection.flush();
    return (this.#sent / (performance.now() - this.#startMs)) * 1000;
  }

  #catchUp(): void {
    const due = ((performance.now() - this.#startMs) / 1000) * this.perSecond;
    for (; this.#sent < due; this.#sent += 1) {
      this.connection.publish(this.subject, this.#payloads[this.#sent % this.#payloads.length], this.options);
    }
  }
}
