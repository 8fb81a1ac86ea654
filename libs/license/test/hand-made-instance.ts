import type { Clock, LicenseError, LicenseStore } from '@latchkey/license';
import {
  acceptLicense,
  EditionLadder,
  openKeyFile,
  parseEncryptionKeys,
  TrustedKeyRing,
  TrustedState,
  type EncryptionKeyRing,
  type KeyFileContent,
  type LicenseClaims,
  type TrustPolicy,
} from '@latchkey/license/protocol';
import { generateEncryptionKey } from '@latchkey/license/issuing';
import type { TestIssuer } from '@latchkey/license/testing';

import { LocalCopy } from '../src/distribution/local-copy.js';
import { ManualStore } from '../src/testing/manual-store.js';

/** The encryption key of these tests, as `LICENSE_ENCRYPTION_KEYS` spells it. */
export const keyLine = generateEncryptionKey('first');
export const ring = parseEncryptionKeys(keyLine);

/** A key file in memory, whose content can be looked at. */
export class WatchedStore extends ManualStore {
  content(keys: EncryptionKeyRing = ring): KeyFileContent {
    return openKeyFile(this.sealed ?? '', keys).content;
  }
}

/** An instance without a network: what it trusts, its local copy, and what that told. */
export class HandMadeInstance {
  readonly state: TrustedState;
  readonly policy: TrustPolicy;
  readonly copy: LocalCopy;
  /** `accepted`, `saved`, or the code of what went wrong, in the order in which it was told. */
  readonly told: string[] = [];

  constructor(
    private readonly issuer: TestIssuer,
    clock: Clock,
    store: LicenseStore,
    { keys = ring, product = 'agent-os' } = {},
  ) {
    this.state = new TrustedState(clock);
    this.policy = {
      keys: TrustedKeyRing.from({ ...issuer.trustedKeys }),
      editions: new EditionLadder(),
      product,
      deploymentId: null,
    };
    this.copy = new LocalCopy(store, keys, this.state, this.policy, clock, {
      judged: ({ verdict }) => this.told.push('error' in verdict ? verdict.error.code : verdict.outcome),
      unusable: (error: LicenseError) => this.told.push(`unusable ${error.code}`),
      saved: (error) => this.told.push(error === null ? 'saved' : `not saved ${error.code}`),
    });
  }

  get serial(): number | undefined {
    return this.state.current?.signed.license.serial;
  }

  /** Takes a license that it was sent. */
  hear(changes: Partial<LicenseClaims> = {}): string {
    const license = this.issuer.issue({
      ...(this.policy.product === null ? {} : { aud: this.policy.product }),
      ...changes,
    });
    acceptLicense({ origin: 'broadcast', license }, this.state, this.policy);
    return license;
  }
}
