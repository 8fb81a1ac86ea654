import type { LicenseSourceListener } from '../distribution/license-source.js';
import { RateLimit } from '../distribution/rate-limit.js';
import type { EncryptionKeyRing } from '../protocol/encryption-keys.js';
import type { ManualClock } from './manual-clock.js';
import { ManualSource } from './manual-source.js';

/** As many broadcasts an instance opens in a second; whatever comes beyond that it drops unread. */
const openedPerSecond = 10;

/**
 * The license-servers of a deployment and the way to them, in memory. They do what the real ones do: publish a new
 * license at once, publish again when the way to an instance opens, and answer when they are asked.
 */
export class InMemoryServers extends ManualSource {
  /** False: there is a way to them, and they say nothing. */
  talking = true;
  #license: string | null;
  #reachable = true;
  #answering = false;
  readonly #pace: RateLimit;

  /** @param license what they serve (compact JWS), or null for none */
  constructor(
    ring: EncryptionKeyRing,
    private readonly time: ManualClock,
    license: string | null,
  ) {
    super(ring, time);
    this.#license = license;
    this.#pace = new RateLimit(openedPerSecond, time);
  }

  /** What they serve (compact JWS), or null for none. */
  get license(): string | null {
    return this.#license;
  }

  override start(listener: LicenseSourceListener): void {
    super.start(listener);
    if (this.#reachable) this.connect();
    else this.lose();
    this.time.advance(0); // who waits no time at all for a first answer has waited
  }

  override connect(): void {
    this.#reachable = true;
    super.connect();
    this.publish();
  }

  override lose(problem?: string): void {
    this.#reachable = false;
    super.lose(problem);
  }

  /** Answers as soon as the present piece of program has run: an answer is never there before the question is out. */
  override ask(): void {
    super.ask();
    if (this.#answering) return;
    this.#answering = true;
    queueMicrotask(() => {
      this.#answering = false;
      if (this.#speaks) this.reply(this.#license);
    });
  }

  /** Serves this license from now on. */
  serve(license: string): void {
    this.#license = license;
    this.talking = true;
    this.publish();
  }

  /** Publishes what they serve, to whoever can hear it. */
  publish(): void {
    if (this.#license !== null) this.deliver(this.#license);
  }

  /** Publishes any license, without serving it from then on. */
  deliver(license: string): void {
    if (!this.#speaks) return;
    if (!this.#pace.take()) {
      this.time.advance(1000 / openedPerSecond);
      this.#pace.take();
    }
    this.broadcast(license);
  }

  get #speaks(): boolean {
    return this.#reachable && this.talking && !this.stopped;
  }
}
