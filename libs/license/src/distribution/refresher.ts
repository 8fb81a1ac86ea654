import { jittered, type Clock } from '../core/clock.js';
import { LicenseError } from '../core/errors.js';
import type { LicenseOrigin } from '../core/status.js';
import type { EncryptionKeyRing } from '../protocol/encryption-keys.js';
import { parseBroadcast, parseReply, type Subjects } from '../protocol/messages.js';
import { acceptNext, openAndAccept } from '../trust/accept-license.js';
import type { Judgement, TrustPolicy } from '../trust/judgement.js';
import type { TrustedState } from '../trust/trusted-state.js';
import type { LicenseSource } from './license-source.js';
import { RateLimit } from './rate-limit.js';

const minuteMs = 60_000;
const freshForMs = 15 * minuteMs;
const askAfterSilenceMs = 7.5 * minuteMs;
const firstRetryMs = 1_000;
const lastRetryMs = minuteMs;
/** A fleet that lost its broker does not come back in one burst. */
const reconnectSpreadMs = 3_000;
/**
 * The first word after a connect may be that of a server that was not told of a renewal yet, and the broadcast of the
 * renewal may pass by: brokers that were just mended or configured anew may not know yet, or any more, who listens.
 */
const askAgainAfterMs = 4_500;
/** Who holds a license is in no hurry: these retries do not meet the first questions of the rest of the fleet. */
const firstLicensedRetryMs = 4_000;
/** For broadcasts and for replies each, so that a flood of one does not silence the other; 20 in all. */
const maxOpeningsPerSecond = 10;

/** Told about what comes in; for log, status and saving. */
export interface RefresherListener {
  /** A license was offered by somebody of this deployment, and judged. */
  judged(judgement: Judgement, origin: LicenseOrigin): void;
  /** A message was no word of this deployment's servers. */
  dropped(error: LicenseError): void;
  /** The way to the servers opened (null) or closed (why). */
  reachable(problem: string | null): void;
  /** The wait for the first answer is over; there may be one or not. */
  settled(): void;
  /** A minute passed. */
  minute(): void;
}

/**
 * Keeps an instance up to date: listens to broadcasts, asks after every connect and after silence, and bounds the
 * wait for the first answer.
 */
export class Refresher {
  #pending = false;
  #cancelPending: (() => void) | null = null;
  #cancelAsk: (() => void) | null = null;
  #cancelAskAgain: (() => void) | null = null;
  #cancelMinute: (() => void) | null = null;
  #retryMs = firstRetryMs;
  #connected = false;
  /** Nobody was heard yet since the connection was made. */
  #newHere = false;
  #askedAtMs = -Infinity;
  /** When a fresh envelope was last heard, on the monotonic clock. */
  #freshAtMs = -Infinity;
  #clockOffsetMs: number | null = null;
  readonly #broadcasts: RateLimit;
  readonly #replies: RateLimit;

  constructor(
    private readonly source: LicenseSource | null,
    private readonly ring: EncryptionKeyRing | null,
    private readonly subjects: Subjects,
    private readonly state: TrustedState,
    private readonly policy: TrustPolicy,
    private readonly clock: Clock,
    private readonly listener: RefresherListener,
  ) {
    this.#broadcasts = new RateLimit(maxOpeningsPerSecond, clock);
    this.#replies = new RateLimit(maxOpeningsPerSecond, clock);
  }

  /** True while the first answer is being waited for. */
  get pending(): boolean {
    return this.#pending;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** True when a server was heard in the last 15 minutes. */
  get fresh(): boolean {
    return this.clock.monotonicMs() - this.#freshAtMs < freshForMs;
  }

  /** Server clock minus own clock, at the last fresh word heard. */
  get clockOffsetMs(): number | null {
    return this.#clockOffsetMs;
  }

  /**
   * Begins to wait for a first answer, unless a license is in force.
   *
   * @param forAtMostMs how long the wait may last
   */
  expectAnswer(forAtMostMs: number): void {
    if (this.source === null || this.ring === null || this.state.isActive()) return;
    this.#pending = true;
    this.#cancelPending = this.clock.after(forAtMostMs, () => this.#settle());
  }

  /** Starts listening and asking; returns at once. */
  start(): void {
    this.#armMinute();
    this.source?.start({
      connected: () => this.#onConnected(),
      unreachable: (problem) => this.#onUnreachable(problem),
      broadcast: (packet) =>
        void this.#onPacket('broadcast', this.#broadcasts, () => parseBroadcast(packet, this.subjects)),
      reply: (packet, id) => this.#onPacket('reply', this.#replies, () => parseReply(packet, id)),
      retained: (packet) =>
        void this.#onPacket('retained', this.#replies, () => parseBroadcast(packet, this.subjects)),
    });
  }

  /** Asks now, and again until somebody answers. */
  ask(): void {
    this.#cancelAsk?.();
    if (!this.#connected) return;
    this.#askedAtMs = this.clock.monotonicMs();
    this.source?.ask();
    const retryMs = Math.max(this.#retryMs, this.state.isActive() ? firstLicensedRetryMs : 0);
    this.#cancelAsk = this.clock.after(jittered(retryMs, 0.25), () => this.ask());
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }

  async stop(): Promise<void> {
    const timers = [this.#cancelPending, this.#cancelAsk, this.#cancelAskAgain, this.#cancelMinute];
    for (const cancel of timers) cancel?.();
    this.#connected = false;
    await this.source?.stop();
  }

  #onConnected(): void {
    this.#connected = true;
    this.#newHere = true;
    this.#cancelAskAgain?.();
    this.#retryMs = firstRetryMs;
    this.listener.reachable(null);
    const nowMs = this.clock.monotonicMs();
    const burst = nowMs - this.#askedAtMs < firstRetryMs; // a driver may report one reconnect many times
    if (!this.state.isActive() && !burst) return this.ask();
    this.#cancelAsk?.();
    this.#cancelAsk = this.clock.after(reconnectSpreadMs * Math.random(), () => this.ask());
  }

  #onUnreachable(problem: string): void {
    this.#connected = false;
    this.#cancelAsk?.();
    this.#cancelAskAgain?.();
    this.listener.reachable(problem);
    this.#settle(); // nothing will come soon: community now, the rest in the background
  }

  /** True when the packet was a word of this deployment, whatever became of it. */
  #onPacket(origin: LicenseOrigin, limit: RateLimit, unpack: () => string): boolean {
    if (this.ring === null) return false;
    try {
      const sealed = unpack();
      if (!limit.take()) return false;
      const { envelope, ...judgement } = openAndAccept(sealed, origin, this.ring, this.state, this.policy);
      this.#heard(envelope.sealedAtMs);
      this.listener.judged(judgement, origin);
      if (judgement.verdict.outcome !== 'none') this.#settle();
      return true;
    } catch (error) {
      if (!(error instanceof LicenseError)) throw error;
      this.listener.dropped(error);
      return false;
    }
  }

  /** Somebody of this deployment spoke. An old recording of it is no sign of life. */
  #heard(sealedAtMs: number): void {
    const offsetMs = sealedAtMs - this.clock.wallMs();
    if (Math.abs(offsetMs) >= freshForMs) return;
    this.#freshAtMs = this.clock.monotonicMs();
    this.#clockOffsetMs = offsetMs;
    this.#retryMs = lastRetryMs; // who falls silent now is asked once a minute
    this.#cancelAsk?.();
    this.#cancelAsk = this.clock.after(jittered(askAfterSilenceMs, 0.1), () => this.ask());
    if (!this.#newHere) return;
    this.#newHere = false;
    this.#cancelAskAgain = this.clock.after(jittered(askAgainAfterMs, 1 / 3), () => this.ask());
  }

  #settle(): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.#cancelPending?.();
    this.listener.settled();
  }

  #armMinute(): void {
    this.#cancelMinute = this.clock.after(minuteMs, () => {
      const judgement = acceptNext(this.state, this.policy, 'file');
      if (judgement !== null) this.listener.judged(judgement, 'file');
      this.listener.minute();
      this.#armMinute();
    });
  }
}
