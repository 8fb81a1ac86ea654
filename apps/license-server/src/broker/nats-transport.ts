import { Logger } from '@nestjs/common';
import { ClientNats, ServerNats, type MessageHandler } from '@nestjs/microservices';
import { Subject } from 'rxjs';

// What JetStream does not permit is the RetainedCopy's to tell.
const jetStreamApi = '$JS.API.';

/** Nest's NATS client with the {@link TransportLogger}; tells what the broker does not permit. */
export class BroadcastClient extends ClientNats {
  readonly refusals$ = new Subject<string>();
  protected override readonly logger = new TransportLogger('NATS broadcasts');

  override async handleStatusUpdates(connection: StatusSource): Promise<void> {
    await Promise.all([super.handleStatusUpdates(connection), tellRefusals(connection, this.refusals$)]);
  }
}

/** Nest's NATS server with the {@link TransportLogger}; tells what the broker does not permit. */
export class RequestServer extends ServerNats {
  readonly refusals$ = new Subject<string>();
  protected override readonly logger = new TransportLogger('NATS requests');

  /** Nest reads each subject as JSON first, and has an exception made for one that is a name, which costs a third of a reply. */
  override getHandlerByPattern(subject: string): MessageHandler | null {
    return this.messageHandlers.get(subject) ?? super.getHandlerByPattern(subject);
  }

  override async handleStatusUpdates(connection: StatusSource): Promise<void> {
    await Promise.all([super.handleStatusUpdates(connection), tellRefusals(connection, this.refusals$)]);
  }
}

type StatusSource = Parameters<ClientNats['handleStatusUpdates']>[0];

/** Nothing else reports it: a publish that is refused flushes well, and a subscription that is refused just ends. */
async function tellRefusals(connection: StatusSource, refusals$: Subject<string>): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type !== 'error') continue;
    const text = String(status.error);
    if (/permission/i.test(text) && !text.includes(jetStreamApi)) refusals$.next(text);
  }
}

/**
 * Nest's transports report each event of the driver: an outage is hundreds of lines. This tells each distinct
 * error once, such as a permission that is missing; the rest goes to level debug. The Broker tells the outage,
 * the RetainedCopy what JetStream does not permit.
 */
class TransportLogger extends Logger {
  readonly #told = new Set(['NatsError: type: "disconnect".']);

  override log(message: unknown): void {
    super.debug(message);
  }

  override error(message: unknown): void {
    const text = String(message);
    if (this.#told.has(text) || text.includes(jetStreamApi)) return super.debug(text);
    this.#told.add(text);
    super.error(text);
  }
}
