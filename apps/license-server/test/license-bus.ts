import { connect, type ConnectionOptions, type NatsConnection } from 'nats';

/** What a request is answered with: a plain Nest packet. */
export interface ReplyPacket {
  readonly response: { readonly v: 1; readonly sealed: string };
  readonly isDisposed: true;
  readonly id: string;
}

/** An independent client on the bus: it hears every broadcast, and sends whatever it likes. */
export class LicenseBus {
  /** Broadcasts as they came, oldest first. */
  readonly broadcasts: string[] = [];

  private constructor(readonly connection: NatsConnection) {
    connection.subscribe('license.key', {
      callback: (_, message) => void this.broadcasts.push(message.string()),
    });
  }

  /** @param more how to be let in, on a broker that does not let everybody in */
  static async connect(url: string, more: ConnectionOptions = {}): Promise<LicenseBus> {
    const bus = new LicenseBus(
      await connect({ ...more, servers: url, reconnectTimeWait: 100, maxReconnectAttempts: -1 }),
    );
    await bus.connection.flush();
    return bus;
  }

  /** The sealed licenses broadcast so far. */
  get sealed(): string[] {
    return this.broadcasts.map((text) => (JSON.parse(text) as { data: { sealed: string } }).data.sealed);
  }

  async ask(id = 'request-1'): Promise<ReplyPacket> {
    const request = JSON.stringify({ pattern: 'license.key.request', data: { v: 1 }, id });
    return (
      await this.connection.request('license.key.request', request, { timeout: 2_000 })
    ).json<ReplyPacket>();
  }

  /** True when a server answers. */
  async isAnswered(): Promise<boolean> {
    return (await this.ask()).isDisposed;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
