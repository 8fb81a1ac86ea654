import { merge, type Observable } from 'rxjs';

import {
  LicenseError,
  sealLicense,
  type Clock,
  type EncryptionKey,
  type License,
  type SignedRevocation,
} from '@latchkey/license/protocol';

import type { EncryptionKeysFile } from './encryption-keys-file.js';
import type { RevocationList } from './revocation-list.js';

const maxSharedAgeMs = 60_000;

interface SharedEnvelope {
  readonly license: string | null;
  readonly revocation: SignedRevocation | null;
  readonly key: EncryptionKey;
  readonly sealed: string;
  readonly atMs: number;
}

/** Puts the license, and the revocation list with it, into envelopes that only this deployment can open. */
export class Sealer {
  /** Says that envelopes made from now on differ, whatever the license: other keys, another revocation list. */
  readonly changes$: Observable<void>;
  #shared: SharedEnvelope | null = null;
  #leftOut: LicenseError | null = null;

  /** @param serverId told to the instances, for people */
  constructor(
    private readonly keys: EncryptionKeysFile,
    private readonly revocations: RevocationList,
    private readonly serverId: string,
    private readonly clock: Clock,
  ) {
    this.changes$ = merge(keys.changes$, revocations.changes$);
  }

  /** The revocation list that goes with every license; null without one. */
  get revocation(): SignedRevocation | null {
    return this.revocations.current;
  }

  /** What is wrong with the keys and the list, apart from the license. */
  get problems(): readonly LicenseError[] {
    return [this.keys.problem, this.revocations.problem, this.#leftOut].filter((problem) => problem !== null);
  }

  /** True when the vendor took this license back. */
  hasRevoked({ issuer, id }: License): boolean {
    return this.revocation?.issuer === issuer && this.revocation.revoked.has(id);
  }

  /**
   * A new envelope. A revocation list that does not fit beside the license is left out, and is a problem: a license
   * must not be lost for it.
   *
   * @param license the signed license, byte for byte; null says that there is none
   * @throws {TOO_LARGE} when the license does not fit
   */
  seal(license: string | null): string {
    const { revocation } = this;
    this.#leftOut = null;
    if (revocation === null) return this.#seal(license);
    try {
      return this.#seal(license, revocation.jws);
    } catch (error) {
      if (!(error instanceof LicenseError) || error.code !== 'TOO_LARGE') throw error;
      const sealed = this.#seal(license);
      this.#leftOut = new LicenseError(
        'TOO_LARGE',
        `revocation list ${revocation.serial} does not fit beside the license, and is not handed out: ask the vendor for a shorter one (${error.message})`,
        { cause: error },
      );
      return sealed;
    }
  }

  /** The envelope for replies: one for all of them, a minute old at most, so that a flood costs no cryptography. */
  shared(license: string | null): string {
    const atMs = this.clock.monotonicMs();
    const { revocation } = this;
    const key = this.keys.ring.first;
    const shared = this.#shared;
    if (
      shared?.license === license &&
      shared.revocation === revocation &&
      shared.key === key &&
      atMs - shared.atMs < maxSharedAgeMs
    ) {
      return shared.sealed;
    }
    const sealed = this.seal(license);
    this.#shared = { license, revocation, key, sealed, atMs };
    return sealed;
  }

  #seal(license: string | null, revocation?: string): string {
    return sealLicense(
      {
        sealedAtMs: this.clock.wallMs(),
        server: this.serverId,
        license,
        ...(revocation === undefined ? {} : { revocation }),
      },
      this.keys.ring,
    );
  }
}
