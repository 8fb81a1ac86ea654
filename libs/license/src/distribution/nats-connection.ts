import { loadNatsDriver } from './nats-driver.js';
import { persistentConnection, type NatsTransportOptions } from './nats-options.js';

/** The part of a message that both drivers (`nats` 2 and `@nats-io/transport-node` 3) have. */
export interface NatsMessage {
  readonly data: Uint8Array;
}

export interface NatsSubscription {
  unsubscribe(): void;
  isClosed(): boolean;
}

/** The part of a connection that both drivers have. */
export interface NatsConnection {
  subscribe(
    subject: string,
    options: { readonly callback: (error: Error | null, message: NatsMessage) => void },
  ): NatsSubscription;
  publish(subject: string, payload: string, options: { readonly reply: string }): void;
  flush(): Promise<void>;
  closed(): Promise<unknown>;
  close(): Promise<void>;
  status(): AsyncIterable<{ readonly type: string }>;
}

/**
 * Opens one connection through Nest's NATS transport. Nest and the driver are loaded here, at the first
 * connection, so that a service that starts with a local key does not wait for them.
 *
 * @throws {CONFIGURATION_INVALID} when the driver is not installed
 * @throws {Error} of the driver when the broker cannot be reached or refuses
 */
export async function connectToNats(options: NatsTransportOptions): Promise<NatsConnection> {
  loadNatsDriver(); // throws where Nest would end the process
  const { ClientNats } = await import('@nestjs/microservices');
  const client = new (class extends ClientNats {
    // Nest logs every attempt to reconnect as an error; the link above reports changes instead.
    override handleStatusUpdates(): Promise<void> {
      return Promise.resolve();
    }
  })({ ...persistentConnection, ...options });
  return (await client.connect()) as NatsConnection;
}
