import type { Clock } from '../core/clock.js';
import { standingOf, type License, type Standing } from '../core/license.js';
import type { LicenseOrigin } from '../core/status.js';
import type { SignedLicense, SignedRevocation } from '../protocol/signed-license.js';
import { TimeFloor } from './time-floor.js';

/** The license that counts, and where it came from. */
export interface CurrentLicense {
  /** The license, verified. */
  readonly signed: SignedLicense;
  /** Where it came from. */
  readonly origin: LicenseOrigin;
}

// The clock is looked at again at least this often, also while nothing changes: a machine may have been suspended.
const reviewIntervalMs = 60_000;

/**
 * What this instance trusts: the license that counts, one kept for later, the revocation list and the time
 * floor. `acceptLicense` is the only caller of its mutators; everything else reads.
 */
export class TrustedState {
  /** The time it is at least. */
  readonly floor: TimeFloor;
  #current: CurrentLicense | null = null;
  #next: SignedLicense | null = null;
  /** One list per issuer, the newest last. */
  readonly #revocations = new Map<string, SignedRevocation>();
  /** On the monotonic clock. Up to here the license in force needs no second look. */
  #activeUntilMs = -Infinity;

  constructor(private readonly clock: Clock) {
    this.floor = new TimeFloor(clock);
  }

  /** The license that counts: in force while valid, else the one that explains why there is none. */
  get current(): CurrentLicense | null {
    return this.#current;
  }

  /** A license that is not valid yet. */
  get next(): SignedLicense | null {
    return this.#next;
  }

  /** The revocation list worth keeping: that of the current license's issuer, else the one learned last. */
  get revocation(): SignedRevocation | null {
    const issuer = this.#current?.signed.license.issuer ?? '';
    return this.#revocations.get(issuer) ?? [...this.#revocations.values()].at(-1) ?? null;
  }

  /** The list of one issuer. */
  revocationOf(issuer: string): SignedRevocation | null {
    return this.#revocations.get(issuer) ?? null;
  }

  /** Is a license in force right now? Asked on every request: one comparison, and a closer look once a minute. */
  isActive(): boolean {
    return this.clock.monotonicMs() < this.#activeUntilMs || this.#review();
  }

  /** Where the current license stands in time, or that it was revoked; null without one. */
  standing(): Standing | 'revoked' | null {
    if (this.#current === null) return null;
    const { license } = this.#current.signed;
    if (this.isRevoked(license)) return 'revoked';
    // What came into force stays begun: a clock set back afterwards takes nothing away.
    return standingOf(license, Math.max(this.floor.nowMs(), license.notBeforeMs, license.issuedAtMs));
  }

  /** Is the license on the list of its issuer? */
  isRevoked(license: License): boolean {
    return this.revocationOf(license.issuer)?.revoked.has(license.id) ?? false;
  }

  /** @internal for acceptLicense */
  setCurrent(signed: SignedLicense, origin: LicenseOrigin): void {
    this.#current = Object.freeze({ signed, origin });
    this.floor.raise(signed.license.issuedAtMs);
    const active = this.#review();
    if (active && this.#next !== null && this.#next.license.serial <= signed.license.serial)
      this.#next = null;
  }

  /** @internal for acceptLicense */
  keepForLater(signed: SignedLicense): void {
    this.#next = signed;
  }

  /** @internal for acceptLicense */
  dropNext(): void {
    this.#next = null;
  }

  /** @internal for acceptLicense */
  revoke(revocation: SignedRevocation): void {
    this.#revocations.delete(revocation.issuer);
    this.#revocations.set(revocation.issuer, revocation);
    if (this.#next !== null && this.isRevoked(this.#next.license)) this.#next = null;
    this.#review();
  }

  /** Derives anew how long the current license needs no second look. */
  #review(): boolean {
    const standing = this.standing();
    const active = standing === 'active' || standing === 'grace';
    const leftMs = active && this.#current ? this.#current.signed.license.hardEndMs - this.floor.nowMs() : 0;
    this.#activeUntilMs = active ? this.clock.monotonicMs() + Math.min(leftMs, reviewIntervalMs) : -Infinity;
    return active;
  }
}
