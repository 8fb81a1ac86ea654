import { defaultEditions, EditionLadder } from '../core/editions.js';
import { LicenseError } from '../core/errors.js';
import { generateEncryptionKey } from '../issuing/keys.js';
import type { LicenseModuleOptions } from '../nest/license.options.js';
import { parseEncryptionKeys } from '../protocol/encryption-keys.js';
import { defaultSubjectPrefix } from '../protocol/messages.js';
import { sealKeyFile } from '../protocol/sealed-license.js';
import { readUnverifiedLicense } from '../protocol/signed-license.js';
import { InMemoryServers } from './in-memory-servers.js';
import type { LicenseStarter } from './license-start.js';
import type { ManualClock } from './manual-clock.js';
import { ManualStore } from './manual-store.js';
import { TestIssuer } from './test-issuer.js';
import { sharedVendorKey } from './vendor-key.js';

/** Everything around one app: its vendor, license-servers, key file, encryption key and clock, all in memory. */
export class TestDeployment {
  static readonly #bySource = new WeakMap<object, TestDeployment>();
  readonly store = new ManualStore();
  readonly servers: InMemoryServers;
  readonly #encryptionKeys = generateEncryptionKey();

  private constructor(
    readonly clock: ManualClock,
    readonly issuer: TestIssuer,
    private readonly product: string,
    starter: LicenseStarter,
  ) {
    const ring = parseEncryptionKeys(this.#encryptionKeys);
    const { license, revocation, silent = false } = starter(issuer, Math.floor(clock.wallMs() / 1000));
    this.servers = new InMemoryServers(ring, clock, license);
    this.servers.talking = !silent;
    this.servers.revocation = revocation ?? null;
    if (license !== null) {
      const list = revocation === undefined ? {} : { revocation };
      this.store.sealed = sealKeyFile({ license, timeFloorMs: 0, ...list }, ring);
    }
    TestDeployment.#bySource.set(this.servers, this);
  }

  /**
   * @param app the options of the app that will live in it
   * @throws {EDITION_UNKNOWN} when the license of the start is of an edition the app does not know
   */
  static async create(
    starter: LicenseStarter,
    app: LicenseModuleOptions,
    clock: ManualClock,
  ): Promise<TestDeployment> {
    const { product = 'test-product' } = app;
    const editions: readonly string[] = app.editions ?? defaultEditions;
    const ladder = new EditionLadder(editions);
    const edition = ladder.has('enterprise') ? 'enterprise' : (editions.at(-1) ?? ladder.lowest);
    const issuer = await TestIssuer.create(product, clock, { key: await sharedVendorKey(), edition });
    const deployment = new TestDeployment(clock, issuer, product, starter);
    deployment.#assertKnownEdition(ladder);
    return deployment;
  }

  /** The deployment that an app gets its licenses from; undefined when it is a real one. */
  static behind(source: object | null | undefined): TestDeployment | undefined {
    return source ? TestDeployment.#bySource.get(source) : undefined;
  }

  /** The options of an app, changed so that it lives here: what the app decides stays. */
  optionsFor(app: LicenseModuleOptions): LicenseModuleOptions {
    const { servers, store, clock } = this;
    const nothingComes = servers.talking && servers.license === null;
    return {
      ...app,
      product: this.product,
      trustedKeys: { ...this.issuer.trustedKeys },
      encryptionKeys: this.#encryptionKeys,
      license: undefined,
      nats: false,
      subjectPrefix: defaultSubjectPrefix,
      environment: {},
      adapters: { ...app.adapters, clock, store, source: servers },
      ...(nothingComes ? { bootstrapTimeoutMs: 0 } : {}),
    };
  }

  #assertKnownEdition(ladder: EditionLadder): void {
    const { license } = this.servers;
    if (license === null) return;
    const { edition } = readUnverifiedLicense(license).license;
    if (ladder.has(edition)) return;
    throw new LicenseError(
      'EDITION_UNKNOWN',
      `test license: expected one of the app's editions ${ladder.names.join(', ')}, found ${edition}`,
    );
  }
}
