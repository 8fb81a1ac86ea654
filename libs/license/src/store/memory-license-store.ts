import type { LicenseStore } from './license-store.js';

/** Keeps the key file in memory: for tests, and for measuring a fleet without its disks. */
export class MemoryLicenseStore implements LicenseStore {
  readonly location = 'memory';
  #sealed: string | null;

  constructor(sealed: string | null = null) {
    this.#sealed = sealed;
  }

  read(): string | null {
    return this.#sealed;
  }

  async write(sealed: string): Promise<void> {
    this.#sealed = sealed;
  }

  async keepAside(): Promise<void> {
    // Nothing to lose: whoever made this store holds what it was made with.
  }
}
