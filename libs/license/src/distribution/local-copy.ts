import { jittered, type Clock } from '../core/clock.js';
import { LicenseError } from '../core/errors.js';
import type { EncryptionKeyRing } from '../protocol/encryption-keys.js';
import { openKeyFile, sealKeyFile, type KeyFileContent } from '../protocol/sealed-license.js';
import type { LicenseStore } from '../store/license-store.js';
import { acceptLicense } from '../trust/accept-license.js';
import type { Judgement, TrustPolicy } from '../trust/judgement.js';
import type { TrustedState } from '../trust/trusted-state.js';
import { contentOf, isSameContent, type StoredContent } from './key-file-content.js';

const hourMs = 60 * 60 * 1000;
const readBackAfterMs = 500;
/** A floor that lags less is not worth a write: a file that another service wrote is read with its next word only. */
const floorToleranceMs = 10 * 60 * 1000;
/** Services that share a path but not their rules would overwrite each other for ever. */
const maxReadBacks = 3;

/** Told about the local copy; for log and status. */
export interface LocalCopyListener {
  /** Something in the key file was judged: at start, or because another service wrote it. Must not save. */
  judged(judgement: Judgement): void;
  /** The key file is there and cannot be used. */
  unusable(error: LicenseError): void;
  /** A save succeeded (null) or failed. */
  saved(error: LicenseError | null): void;
}

/**
 * The instance's own copy of what it trusts, which makes it independent of everything else. Loads once at start,
 * saves whenever what is trusted differs from what is stored, and hourly for the time floor.
 */
export class LocalCopy {
  /** What is stored, as far as known, without the floor. */
  #stored: StoredContent | null = null;
  /** The floor that is stored, less the monotonic clock when it was read or written. */
  #storedFloorMs = -Infinity;
  /** The sealed text last read or written, to notice what others wrote. */
  #sealed: string | null = null;
  #unusable = false;
  #error: LicenseError | null = null;
  #saving: Promise<void> = Promise.resolve();
  #cancelHourly: (() => void) | null = null;
  #cancelReadBack: (() => void) | null = null;

  constructor(
    private readonly store: LicenseStore,
    private readonly ring: EncryptionKeyRing,
    private readonly state: TrustedState,
    private readonly policy: TrustPolicy,
    private readonly clock: Clock,
    private readonly listener: LocalCopyListener,
  ) {}

  /** True when what is stored is what is trusted. */
  get isCurrent(): boolean {
    const wanted = this.#wanted();
    return this.#stored !== null && wanted !== null && isSameContent(this.#stored, wanted);
  }

  /** Why the last save failed, when it did. */
  get error(): LicenseError | null {
    return this.#error;
  }

  /** Reads the key file and puts in force what it holds. Never throws. */
  load(): void {
    this.#merge();
    this.#armHourly();
  }

  /**
   * Looks at what is stored and saves what is trusted, unless that is the same. Resolves when it is done or has
   * failed; never rejects.
   */
  save(): Promise<void> {
    return this.#enqueue('when-different', maxReadBacks);
  }

  /** Tries again what failed last time, reading or writing: what was in the way may be gone. Never rejects. */
  async retry(): Promise<void> {
    if (this.#unusable || this.#error !== null) await this.save();
  }

  /** Ends the timers and saves the floor a last time. */
  async stop(): Promise<void> {
    this.#cancelHourly?.();
    await this.#enqueue('always', 0);
    this.#cancelReadBack?.();
  }

  #enqueue(when: 'always' | 'when-different', readBacks: number): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write(when, readBacks));
    return this.#saving;
  }

  async #write(when: 'always' | 'when-different', readBacks: number): Promise<void> {
    this.#merge(); // several services may share the path: the best of both is kept
    const wanted = this.#wanted();
    if (wanted === null) return;
    if (when === 'when-different' && !this.#isDue) return;
    try {
      if (this.#unusable) await this.store.keepAside();
      const content = contentOf(this.state);
      const sealed = sealKeyFile(content, this.ring);
      await this.store.write(sealed);
      this.#sealed = sealed;
      this.#stored = wanted;
      this.#storedFloorMs = content.timeFloorMs - this.clock.monotonicMs();
      this.#unusable = false;
      this.#report(null);
      if (readBacks > 0) this.#readBackSoon(readBacks);
    } catch (error) {
      this.#report(asLicenseError(error));
    }
  }

  /** Another service may have written between our reading and our writing. */
  #readBackSoon(left: number): void {
    this.#cancelReadBack?.();
    this.#cancelReadBack = this.clock.after(jittered(readBackAfterMs, 0.5), () => {
      this.#merge();
      if (this.#isDue) void this.#enqueue('when-different', left - 1);
    });
  }

  /** Takes in what is stored, when it is not what was read or written last. */
  #merge(): void {
    let sealed: string | null;
    try {
      sealed = this.store.read();
    } catch (error) {
      this.#unusable = true;
      this.#reject(asLicenseError(error));
      return;
    }
    if (sealed === null) this.#stored = null;
    if (sealed === null || sealed === this.#sealed) return;
    this.#sealed = sealed;
    try {
      this.#accept(openKeyFile(sealed, this.ring));
    } catch (error) {
      this.#unusable = true;
      this.#reject(asLicenseError(error));
    }
  }

  #accept({ kid, content }: { kid: string; content: KeyFileContent }): void {
    this.#unusable = false;
    this.#stored = { kid, ...content };
    this.state.floor.raise(content.timeFloorMs);
    const { license, next, revocation } = content;
    for (const jws of next === undefined ? [license] : [license, next]) {
      const offer = {
        origin: 'file',
        license: jws,
        ...(revocation === undefined ? {} : { revocation }),
      } as const;
      const judgement = acceptLicense(offer, this.state, this.policy);
      const { verdict } = judgement;
      // Signed by nobody this version knows: another version may, so it is kept aside before it is overwritten.
      if (verdict.outcome === 'refused' && !verdict.vendorSigned) this.#unusable = true;
      this.listener.judged(judgement);
    }
    // A file made by hand may hold an earlier floor than the license in it stands for.
    const held = this.state.current?.signed;
    const floorMs = Math.max(content.timeFloorMs, held?.jws === license ? held.license.issuedAtMs : 0);
    this.#storedFloorMs = floorMs - this.clock.monotonicMs();
  }

  #reject(error: LicenseError): void {
    this.#stored = null;
    this.listener.unusable(error);
  }

  #report(error: LicenseError | null): void {
    this.#error = error;
    this.listener.saved(error);
  }

  /** Is there anything to save? Time that just passes is saved hourly. */
  get #isDue(): boolean {
    const floorMs = this.state.floor.valueMs - this.clock.monotonicMs();
    return !this.isCurrent || this.#error !== null || floorMs - this.#storedFloorMs > floorToleranceMs;
  }

  /** What should be stored, or null when there is nothing worth storing. */
  #wanted(): StoredContent | null {
    const { current, next, revocation } = this.state;
    if (current === null && next === null && revocation === null) return null;
    return { kid: this.ring.first.kid, ...contentOf(this.state) };
  }

  #armHourly(): void {
    this.#cancelHourly = this.clock.after(hourMs, () => {
      void this.#enqueue('always', maxReadBacks);
      this.#armHourly();
    });
  }
}

function asLicenseError(error: unknown): LicenseError {
  if (error instanceof LicenseError) return error;
  return new LicenseError('FILE_NOT_WRITTEN', 'key file: an unexpected error occurred', { cause: error });
}
