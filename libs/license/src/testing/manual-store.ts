import type { LicenseStore } from '../store/license-store.js';

/** A key file in memory that is in the hands of a test: it counts what is done with it, and fails when told to. */
export class ManualStore implements LicenseStore {
  readonly location = 'memory';
  writes = 0;
  setAside = 0;
  /** What writing ends with, while it is not null. */
  failure: unknown = null;
  /** A write waits for it, as it may on a slow disk. */
  hold: Promise<void> | null = null;

  /** @param sealed what is in it; null for no file */
  constructor(public sealed: string | null = null) {}

  read(): string | null {
    return this.sealed;
  }

  async write(sealed: string): Promise<void> {
    this.writes += 1;
    if (this.hold !== null) await this.hold;
    if (this.failure !== null) throw this.failure;
    this.sealed = sealed;
  }

  async keepAside(): Promise<void> {
    this.setAside += 1;
  }
}
