import type { ModuleMetadata, Type } from '@nestjs/common';
import type { LicenseModuleOptions, LicenseService } from '@latchkey/license';
import { ManualClock, type TestIssuer } from '@latchkey/license/testing';

import { ManualSource } from '../src/testing/manual-source.js';
import { CapturedLog } from './captured-log.js';
import { keyLine, ring, WatchedStore } from './hand-made-instance.js';
import { LicensedApp } from './licensed-app.js';

/** A licensed application over real HTTP, whose time, key file and license-servers are in the hands of a test. */
export class OfflineApp {
  readonly clock: ManualClock;
  readonly store = new WatchedStore();
  readonly source: ManualSource;
  readonly log = new CapturedLog();
  #app: LicensedApp | null = null;

  /** @param issuer of the licenses; the clock of the app starts an hour ahead of its, so that nothing is issued in the future */
  constructor(
    private readonly issuer: TestIssuer,
    private readonly options: LicenseModuleOptions = {},
    private readonly controllers?: Type[],
    private readonly imports: ModuleMetadata['imports'] = [],
  ) {
    this.clock = new ManualClock((Math.floor(Date.now() / 1000) + 3600) * 1000);
    this.source = new ManualSource(ring, this.clock);
  }

  /** Lets it listen. Until its source is worked, it waits for a first answer. */
  async start(): Promise<this> {
    const { clock, source, store, log: logger } = this;
    const options: LicenseModuleOptions = {
      product: 'agent-os',
      trustedKeys: { ...this.issuer.trustedKeys },
      encryptionKeys: keyLine,
      environment: {},
      ...this.options,
      adapters: { clock, source, store, ...this.options.adapters },
    };
    const more = this.controllers === undefined ? {} : { controllers: this.controllers };
    this.#app = await LicensedApp.start(options, { logger, imports: this.imports, ...more });
    return this;
  }

  get app(): LicensedApp {
    if (this.#app === null) throw new Error('the app was not started');
    return this.#app;
  }

  get license(): LicenseService {
    return this.app.license;
  }

  async stop(): Promise<void> {
    await this.#app?.stop();
    this.#app = null;
  }
}
