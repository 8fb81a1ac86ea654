import { jittered, type Clock } from '../core/clock.js';
import { encodeRequest, type Subjects } from '../protocol/messages.js';
import { randomId } from '../protocol/random-id.js';
import type { LicenseSource, LicenseSourceListener } from './license-source.js';
import {
  connectToNats,
  type NatsConnection,
  type NatsMessage,
  type NatsSubscription,
} from './nats-connection.js';
import type { NatsTransportOptions } from './nats-options.js';

const firstRetryMs = 1_000;
/** Short, so that a fleet is back seconds after a broker that was away for days. */
const lastRetryMs = 5_000;
/** A reply inbox stays open this long: on an open bus the first reply may be a forger's. */
const replyWindowMs = 2_000;
const checkIntervalMs = 5_000;
/** A connection that did not answer for this long is replaced, whatever the driver believes. */
const replaceAfterMs = 30_000;

/**
 * A supervised way to the license-servers. The driver reconnects by itself; this watches it on the monotonic
 * clock and replaces the connection when the driver gave up, when it hangs (after a clock set back it waits for
 * as long as the clock was moved), or when the broker took the subscription away.
 */
export class NatsLink implements LicenseSource {
  #listener: LicenseSourceListener | null = null;
  #connection: NatsConnection | null = null;
  #subscription: NatsSubscription | null = null;
  #answeredAtMs = 0;
  #retryMs = firstRetryMs;
  #stopped = false;
  #cancelTimer: (() => void) | null = null;
  #checking = false;

  constructor(
    private readonly options: NatsTransportOptions,
    private readonly subjects: Subjects,
    private readonly clock: Clock,
  ) {}

  start(listener: LicenseSourceListener): void {
    this.#listener = listener;
    void this.#connect();
  }

  ask(): void {
    const connection = this.#connection;
    const listener = this.#listener;
    if (connection === null || listener === null) return;
    const id = randomId();
    let answered = false;
    const askRetained = (): void => {
      if (answered || this.#connection !== connection) return;
      answered = true;
      this.#request(connection, this.subjects.retained, '', ({ data }) => {
        if (data.length > 0) listener.retained(data); // empty: nothing is kept, or nobody keeps anything
      });
    };
    const request = encodeRequest(this.subjects, id);
    this.#request(connection, this.subjects.request, request, ({ data }) => {
      if (data.length === 0)
        askRetained(); // the broker says that no server is there
      else if (listener.reply(data, id)) answered = true;
    });
    this.clock.after(replyWindowMs, askRetained);
  }

  /** Sends a request and hands over everything that arrives in its inbox while that is open. */
  #request(
    connection: NatsConnection,
    subject: string,
    payload: string,
    deliver: (message: NatsMessage) => void,
  ): void {
    const inbox = `${this.options.inboxPrefix ?? '_INBOX'}.${randomId()}`;
    try {
      const replies = connection.subscribe(inbox, { callback: guarded(deliver) });
      connection.publish(subject, payload, { reply: inbox });
      this.clock.after(replyWindowMs, () => replies.unsubscribe());
    } catch (error) {
      this.#lost(connection, error); // closed in this very moment
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    const connection = this.#connection;
    this.#connection = null;
    await connection?.close().catch(() => {}); // it is being thrown away
  }

  async #connect(): Promise<void> {
    let connection: NatsConnection | null = null;
    try {
      connection = await connectToNats(this.options);
      if (this.#stopped) {
        await connection.close();
        return;
      }
      this.#connection = connection;
      this.#answeredAtMs = this.clock.monotonicMs();
      this.#armCheck(connection); // first of all: the broker may hang in this very moment
      void this.#watch(connection);
      this.#subscribe(connection);
      await connection.flush();
      if (this.#connection !== connection) return;
      this.#retryMs = firstRetryMs;
      this.#listener?.connected();
    } catch (error) {
      this.#lost(connection, error);
    }
  }

  #subscribe(connection: NatsConnection): void {
    this.#subscription = connection.subscribe(this.subjects.key, {
      callback: guarded((message) => this.#listener?.broadcast(message.data)),
    });
  }

  /** The driver tells when it lost the broker and when it found it again. */
  async #watch(connection: NatsConnection): Promise<void> {
    try {
      for await (const { type } of connection.status()) {
        if (this.#connection !== connection) return;
        if (type === 'disconnect') this.#listener?.unreachable('the connection to NATS was lost');
        if (type === 'reconnect') this.#listener?.connected();
      }
      await connection.closed();
      this.#lost(connection, new Error('the connection to NATS was closed'));
    } catch (error) {
      this.#lost(connection, error);
    }
  }

  #armCheck(connection: NatsConnection): void {
    this.#cancelTimer = this.clock.after(checkIntervalMs, () => {
      if (this.#connection !== connection) return;
      this.#armCheck(connection);
      this.#check(connection);
    });
  }

  /** Is the other side really there, and are we still subscribed? */
  #check(connection: NatsConnection): void {
    if (this.clock.monotonicMs() - this.#answeredAtMs > replaceAfterMs) {
      this.#lost(connection, new Error('NATS did not answer'));
      return;
    }
    try {
      // A subscription that was refused once never comes back by itself, also when permissions do.
      if (this.#subscription?.isClosed()) this.#subscribe(connection);
    } catch (error) {
      this.#lost(connection, error); // closed in this very moment
      return;
    }
    if (!this.#checking) void this.#ping(connection);
  }

  async #ping(connection: NatsConnection): Promise<void> {
    this.#checking = true;
    try {
      await connection.flush();
      if (this.#connection === connection) this.#answeredAtMs = this.clock.monotonicMs();
    } catch {
      // No answer: that is what the deadline in #check is for.
    } finally {
      this.#checking = false;
    }
  }

  /** Throws the connection away and tries again later. What one says that was replaced already is old news. */
  #lost(connection: NatsConnection | null, error: unknown): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    this.#subscription = null;
    this.#checking = false;
    connection?.close().catch(() => {}); // it is being thrown away
    if (this.#stopped) return;
    this.#listener?.unreachable(error instanceof Error ? error.message : String(error));
    this.#cancelTimer?.();
    this.#cancelTimer = this.clock.after(jittered(this.#retryMs, 0.25), () => void this.#connect());
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }
}

/** What throws in a driver's callback makes the connection deaf for good, without a word. */
function guarded(deliver: (message: NatsMessage) => void) {
  return (error: Error | null, message: NatsMessage): void => {
    if (error !== null) return; // a refused subscription; the check finds it closed
    try {
      deliver(message);
    } catch (cause) {
      process.emitWarning(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
    }
  };
}
