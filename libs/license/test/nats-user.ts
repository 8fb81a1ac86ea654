import { setImmediate } from 'node:timers/promises';

import type { Msg, NatsConnection, Subscription } from 'nats';

/** A connection of the independent client that knows what the broker refused it. */
export class NatsUser {
  readonly #refused = new Set<string>();
  readonly #subscriptions: Subscription[] = [];

  constructor(readonly connection: NatsConnection) {
    void this.#collectRefusals();
  }

  /** @returns true when the broker took the message */
  async publishes(subject: string, payload = '', reply?: string): Promise<boolean> {
    this.connection.publish(subject, payload, reply === undefined ? {} : { reply });
    return this.#isAllowed(`publish ${subject}`);
  }

  /** @param subject with a queue group behind it, or without. @returns true when the broker let it listen */
  async subscribes(subject: string): Promise<boolean> {
    const [name = '', queue] = subject.split(' ');
    const subscription = this.connection.subscribe(name, {
      ...(queue === undefined ? {} : { queue }),
      callback: () => {},
    });
    const allowed = await this.#isAllowed(`subscription ${name}`);
    subscription.unsubscribe();
    return allowed;
  }

  /** Listens from now on. @returns the messages, as they come */
  async hears(subject: string, queue?: string): Promise<readonly Msg[]> {
    const heard: Msg[] = [];
    const subscription = this.connection.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => void (error === null && heard.push(message)),
    });
    this.#subscriptions.push(subscription);
    await this.connection.flush();
    return heard;
  }

  /** Stops listening. */
  async rest(): Promise<void> {
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
    await this.connection.flush();
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** The broker works in order: what it refuses, it refuses before it answers a flush. */
  async #isAllowed(operation: string): Promise<boolean> {
    await this.connection.flush();
    await setImmediate();
    return !this.#refused.delete(operation);
  }

  async #collectRefusals(): Promise<void> {
    for await (const { permissionContext: refused } of this.connection.status()) {
      if (refused !== undefined) this.#refused.add(`${refused.operation} ${refused.subject}`);
    }
  }
}
