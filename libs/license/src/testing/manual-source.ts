import type { Clock } from '../core/clock.js';
import type { LicenseSource, LicenseSourceListener } from '../distribution/license-source.js';
import type { EncryptionKeyRing } from '../protocol/encryption-keys.js';
import { defaultSubjectPrefix, sealedMessage, subjectsFor } from '../protocol/messages.js';
import { sealLicense } from '../protocol/sealed-license.js';

const { key } = subjectsFor(defaultSubjectPrefix);
const replyId = 'request-1';

/** A way to the license-servers that a test works by hand: it delivers what it is told to, and notes what is asked. */
export class ManualSource implements LicenseSource {
  /** When it was asked, on the monotonic clock. */
  readonly askedAtMs: number[] = [];
  stopped = false;
  /** The signed revocation list that goes into every envelope from now on. */
  revocation: string | null = null;
  #listener: LicenseSourceListener | null = null;

  constructor(
    private readonly ring: EncryptionKeyRing,
    private readonly clock: Clock,
  ) {}

  start(listener: LicenseSourceListener): void {
    this.#listener = listener;
    this.stopped = false;
  }

  ask(): void {
    this.askedAtMs.push(this.clock.monotonicMs());
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }

  connect(): void {
    this.#listener?.connected();
  }

  lose(problem = 'the broker is gone'): void {
    this.#listener?.unreachable(problem);
  }

  seal(license: string | null, sealedAtMs = this.clock.wallMs()): string {
    const revocation = this.revocation === null ? {} : { revocation: this.revocation };
    return sealLicense({ sealedAtMs, server: 'by-hand', license, ...revocation }, this.ring);
  }

  broadcast(license: string | null, sealedAtMs?: number): void {
    this.put(JSON.stringify({ pattern: key, data: sealedMessage(this.seal(license, sealedAtMs)) }));
  }

  /** Delivers any text as a broadcast. */
  put(packet: string): void {
    this.#listener?.broadcast(Buffer.from(packet));
  }

  /** @returns whether it was taken for a word of a license-server */
  reply(license: string | null, sealedAtMs?: number): boolean {
    const response = sealedMessage(this.seal(license, sealedAtMs));
    const packet = JSON.stringify({ response, isDisposed: true, id: replyId });
    return this.#listener?.reply(Buffer.from(packet), replyId) ?? false;
  }

  /** Delivers the copy that the broker keeps of the last broadcast. */
  retained(license: string, sealedAtMs?: number): void {
    const data = sealedMessage(this.seal(license, sealedAtMs));
    this.#listener?.retained(Buffer.from(JSON.stringify({ pattern: key, data })));
  }
}
