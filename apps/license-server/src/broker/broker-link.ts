import { firstValueFrom, from, timeout, type Observable } from 'rxjs';

import { jittered, type Clock } from '@latchkey/license/protocol';

const firstRetryMs = 500;
const lastRetryMs = 5_000;
const replaceAfterMs = 30_000;
const closeLimitMs = 2_000;
const openAgainWhenRefusedMs = 10_000;
/** Silence for this long after opening means that everything is permitted. */
const permittedAfterMs = 2_000;

/** One connection to the broker, as Nest's NATS client and server both offer it. */
export interface Transport {
  open(): Promise<unknown>;
  close(): Promise<unknown>;
  /** `connected`, or anything else while it is not. */
  readonly status: Observable<string>;
  /** What the broker does not permit this connection to do. */
  readonly refusals$: Observable<string>;
}

/**
 * Keeps one connection up. The driver gives up on a first connection that fails, and its reconnecting can stall
 * for as long as somebody set the system clock back; so this opens again and again, and replaces a connection
 * that has been down for half a minute. Monotonic time only; never keeps a process alive.
 */
export class BrokerLink {
  #stopped = false;
  #retryMs = firstRetryMs;
  #cancelTimer: (() => void) | undefined;
  #refusals = 0;

  /**
   * @param onChange told null when the connection is up, else why it is not; the same may be told again
   * @param onRefused told what the broker does not permit, and null once it does
   */
  constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly onChange: (trouble: string | null) => void,
    private readonly onRefused: (refusal: string | null) => void,
  ) {}

  /** Starts connecting. Never waits for it. */
  start(): void {
    this.transport.status.subscribe((status) => {
      if (this.#stopped) return;
      if (status === 'connected') this.#up();
      else this.#lost();
    });
    this.transport.refusals$.subscribe((refusal) => this.#refused(refusal));
    void this.#open();
  }

  /** Closes the connection for good. Takes 2 s at most. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#disarm();
    await this.#close();
  }

  #up(): void {
    this.#disarm();
    this.#retryMs = firstRetryMs;
    this.onChange(null);
  }

  #lost(): void {
    this.onChange('the connection was lost');
    if (this.#cancelTimer === undefined) this.#openAfter(replaceAfterMs);
  }

  /** A subscription that was refused never comes back on its connection, also when the permission does. */
  #refused(refusal: string): void {
    if (this.#stopped) return;
    this.#refusals += 1;
    this.onRefused(refusal);
    this.#openAfter(openAgainWhenRefusedMs);
  }

  #openAfter(delayMs: number): void {
    this.#disarm();
    this.#cancelTimer = this.clock.after(delayMs, () => void this.#open());
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  async #open(): Promise<void> {
    this.#disarm();
    try {
      await this.#close();
      await this.transport.open();
      if (this.#stopped) return await this.#close();
      const refusals = this.#refusals;
      this.clock.after(permittedAfterMs, () => {
        if (this.#refusals === refusals) this.onRefused(null);
      });
    } catch (error) {
      if (this.#stopped) return;
      this.onChange(error instanceof Error ? error.message : String(error));
      this.#openAfter(jittered(this.#retryMs, 0.5));
      this.#retryMs = Math.min(2 * this.#retryMs, lastRetryMs);
    }
  }

  async #close(): Promise<void> {
    try {
      await firstValueFrom(from(this.transport.close()).pipe(timeout(closeLimitMs)));
    } catch {
      // A connection that cannot even be closed is replaced all the same.
    }
  }
}
