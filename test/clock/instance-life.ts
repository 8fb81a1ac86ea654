import { readFileSync } from 'node:fs';

import { openKeyFile, type KeyFileContent } from '@latchkey/license/protocol';
import { until, type TestIssuer } from '@latchkey/license/testing';

import { ring } from '../../libs/license/test/hand-made-instance.js';
import { newKeyPath } from '../../libs/license/test/licensed-app.js';
import { OfflineApp } from '../../libs/license/test/offline-app.js';
import { FileLicenseStore } from '../../libs/license/src/store/file-license-store.js';

const dayS = 24 * 3600;

/** The life of one instance with a real key file, while its clock, or that of its license-server, is turned. */
export class InstanceLife {
  readonly license: string;
  readonly renewal: string;
  /** When the license, and its renewal, were issued, in milliseconds since 1970. */
  readonly issuedAtMs: readonly [license: number, renewal: number];
  readonly #path = newKeyPath();
  #app: OfflineApp;
  /** True time less the monotonic clock of the app. */
  #truthMs: number;

  constructor(private readonly issuer: TestIssuer) {
    [this.#app, this.#truthMs] = this.#installed();
    const nowS = this.nowMs() / 1000;
    const claims = { license_expires: nowS + 180 * dayS, exp: nowS + 194 * dayS };
    this.license = issuer.issue({ ...claims, iat: nowS - 30 * dayS });
    this.renewal = issuer.issue({ ...claims, iat: nowS });
    this.issuedAtMs = [(nowS - 30 * dayS) * 1000, nowS * 1000];
  }

  get app(): OfflineApp {
    return this.#app;
  }

  /** The time it really is. */
  nowMs(): number {
    return this.#truthMs + this.#app.clock.monotonicMs();
  }

  /** Somebody sets the instance's clock, so that it is wrong by this much. */
  turn(offMs: number): void {
    this.#app.clock.setWall(this.nowMs() + offMs);
  }

  /** An earlier run of this instance, on the same disk, heard its license and was stopped. */
  async ranBefore(): Promise<void> {
    await this.#app.start();
    await this.hears(this.license);
    await this.#app.stop();
    [this.#app, this.#truthMs] = this.#installed();
  }

  /** A license-server, with a clock that is wrong by so much, says this. Resolves when it is saved. */
  async hears(license: string, offMs = 0): Promise<void> {
    this.#app.source.broadcast(license, this.nowMs() + offMs);
    await until(() => this.#app.license.status.persisted);
  }

  /** What the instance believes, and does. */
  async says(): Promise<string> {
    const { active, edition, reason, clockRolledBack } = this.#app.license.status;
    const { status } = await this.#app.app.get('enterprise');
    const answer = status === (active ? 200 : 402) ? '' : `, but answers ${status}`;
    return `${edition}${active ? '' : `, ${reason}`}${clockRolledBack ? ', clock set back' : ''}${answer}`;
  }

  /** What is in the key file after the instance was stopped. */
  async leaves(): Promise<KeyFileContent> {
    await this.#app.stop();
    return openKeyFile(readFileSync(this.#path, 'latin1'), ring).content;
  }

  #installed(): [OfflineApp, number] {
    const store = new FileLicenseStore([this.#path], () => {});
    const app = new OfflineApp(this.issuer, { adapters: { store } });
    return [app, app.clock.wallMs() - app.clock.monotonicMs()];
  }
}
