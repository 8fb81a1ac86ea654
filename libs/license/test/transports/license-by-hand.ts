import type { DynamicModule } from '@nestjs/common';
import { LicenseModule } from '@latchkey/license';
import type { LicenseClaims } from '@latchkey/license/protocol';
import { ManualClock, type TestIssuer } from '@latchkey/license/testing';

import { keyLine, ring, WatchedStore } from '../hand-made-instance.js';
import { ManualSource } from '../../src/testing/manual-source.js';

const dayMs = 24 * 60 * 60 * 1000;

/** The license of an application on any transport, in the hands of a test: it comes and ends while the app runs. */
export class LicenseByHand {
  readonly #clock = new ManualClock((Math.floor(Date.now() / 1000) + 3600) * 1000);
  readonly #source = new ManualSource(ring, this.#clock);

  constructor(private readonly issuer: TestIssuer) {}

  /** For the imports of the application. Until something is decided here, it waits for a first answer. */
  module(): DynamicModule {
    return LicenseModule.forRoot({
      product: 'agent-os',
      trustedKeys: { ...this.issuer.trustedKeys },
      encryptionKeys: keyLine,
      environment: {},
      community: { limits: { apps: 2 } },
      adapters: { clock: this.#clock, source: this.#source, store: new WatchedStore() },
    });
  }

  /** No license-server can be reached and there is no key file: community. */
  isAbsent(): void {
    this.#source.lose();
  }

  /** A license is broadcast: enterprise for a day, unless `changes` say otherwise. */
  arrives(changes: Partial<LicenseClaims> = {}): void {
    this.#source.broadcast(
      this.issuer.issue({ exp: this.#clock.wallMs() / 1000 + 24 * 60 * 60, ...changes }),
    );
  }

  /** Two days pass. */
  ends(): void {
    this.#clock.advance(2 * dayMs);
  }
}
