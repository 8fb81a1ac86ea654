import type { LoggerService } from '@nestjs/common';
import type { ClientNats } from '@nestjs/microservices';

import type { Subjects } from '@latchkey/license/protocol';

import type { Broker } from './broker.js';

const answerLimitMs = 5_000;
const maxMessageBytes = 64 * 1024;
const streamNotFound = 10059;
const unavailable = 503;

type StreamSettings = Readonly<Record<string, unknown>>;

/** The part of the driver's connection that is needed here. */
interface Requests {
  request(
    subject: string,
    payload: string,
    options: { readonly timeout: number },
  ): Promise<{ json(): unknown }>;
}

interface StreamAnswer {
  readonly config?: StreamSettings;
  readonly error?: { readonly code: number; readonly err_code?: number; readonly description: string };
}

/** JetStream answered, and the answer is no. */
class StreamRefusal extends Error {}

/**
 * Has the broker keep the last broadcast, in a JetStream stream of one message: with it a new service gets its
 * license while every license-server is down. Optional in every respect: nothing waits for it, and a broker that
 * has no JetStream, or does not let this server use it, is as good.
 */
export class RetainedCopy {
  #trouble: string | null = null;
  #told: string | null = null;
  /** What makes the stream useful. An operator may choose all the rest, such as storage and replicas. */
  readonly #required: StreamSettings;

  constructor(
    private readonly subjects: Subjects,
    private readonly client: ClientNats,
    private readonly broker: Broker,
    private readonly logger: LoggerService,
  ) {
    this.#required = {
      subjects: [subjects.key],
      retention: 'limits',
      discard: 'old',
      max_msgs: 1,
      max_age: 0,
      max_msg_size: maxMessageBytes,
      allow_direct: true,
    };
  }

  /** Why JetStream, which is there, does not keep the last broadcast; null when it does, and where there is none. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /**
   * Makes the stream, or corrects its settings, where the broker allows it. Never rejects.
   *
   * @returns true when it was made just now: then it has missed the last broadcast
   */
  async ensure(): Promise<boolean> {
    if (!this.broker.isConnected('broadcasts')) return false;
    try {
      const settings = await this.#find();
      await (settings === null ? this.#create() : this.#correct(settings));
      this.#trouble = null;
      this.#tell('log', `NATS keeps the last broadcast in the stream ${this.subjects.stream}`);
      return settings === null;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#trouble = error instanceof StreamRefusal ? `NATS does not keep the last broadcast: ${why}` : null;
      if (this.#trouble !== null) this.#tell('warn', `${this.#trouble}; nothing else depends on it`);
      else this.#tell('log', `NATS keeps no copy of the last broadcast, which is optional: ${why}`);
      return false;
    }
  }

  #tell(level: 'log' | 'warn', text: string): void {
    if (text === this.#told) return;
    this.#told = text;
    this.logger[level](text);
  }

  async #find(): Promise<StreamSettings | null> {
    const { error, config } = await this.#call('INFO');
    if (error?.err_code === streamNotFound) return null;
    this.#assertDone({ error });
    return config ?? {};
  }

  async #create(): Promise<void> {
    const settings = {
      name: this.subjects.stream,
      ...this.#required,
      max_msgs_per_subject: 1,
      storage: 'file',
      deny_delete: true,
      deny_purge: true,
    };
    const { error } = await this.#call('CREATE', { ...settings, num_replicas: 3 });
    if (error === undefined) return;
    // One broker alone, or a cluster of two.
    this.#assertDone(await this.#call('CREATE', { ...settings, num_replicas: 1 }));
  }

  async #correct(found: StreamSettings): Promise<void> {
    const wrong = Object.keys(this.#required).filter(
      (name) => JSON.stringify(found[name]) !== JSON.stringify(this.#required[name]),
    );
    if (wrong.length === 0) return;
    const differences = wrong
      .map(
        (name) =>
          `${name}: expected ${JSON.stringify(this.#required[name])}, found ${JSON.stringify(found[name] ?? null)}`,
      )
      .join('; ');
    const what = `the stream ${this.subjects.stream} has other settings (${differences})`;
    // Ours would delete what somebody else keeps in it.
    if (wrong.includes('subjects')) throw new StreamRefusal(`${what}, and is left as it is`);
    try {
      this.#assertDone(await this.#call('UPDATE', { ...found, ...this.#required }));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new StreamRefusal(`${what}, and they could not be corrected: ${why}`);
    }
  }

  /** @throws {StreamRefusal} for what an operator can put right; {Error} where there is no JetStream for us */
  #assertDone({ error }: StreamAnswer): void {
    if (error === undefined) return;
    const text = `${error.description} (${error.err_code ?? error.code})`;
    throw error.code === unavailable ? new Error(text) : new StreamRefusal(text);
  }

  /** @throws {Error} of the driver when nobody answers: no JetStream, no permission, no leader */
  async #call(verb: 'INFO' | 'CREATE' | 'UPDATE', settings?: StreamSettings): Promise<StreamAnswer> {
    const answer = await this.client
      .unwrap<Requests>()
      .request(
        `$JS.API.STREAM.${verb}.${this.subjects.stream}`,
        settings === undefined ? '' : JSON.stringify(settings),
        { timeout: answerLimitMs },
      );
    return answer.json() as StreamAnswer;
  }
}
