import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { formatLicenseText, parseEncryptionKeys, TrustedKeyRing } from '@latchkey/license/protocol';
import { ManualClock, type TestIssuer } from '@latchkey/license/testing';

import { LicenseFile } from '../src/license/license-file.js';
import { LicenseWatch } from '../src/license/license-watch.js';
import { sealerOf } from './sealer-of.js';

const pollMs = 1000;

/** When the clock of a {@link WatchedFolder} starts, in seconds. */
export const nowS = new ManualClock().wallMs() / 1000;

/** A real folder with a license file, a watch that looks at it, and the clock that makes it look. */
export class WatchedFolder {
  readonly clock = new ManualClock();
  readonly directory = mkdtempSync(join(tmpdir(), 'license-watch-'));
  readonly path = join(this.directory, 'license.lic');
  /** What was logged: level and text. */
  readonly log: string[] = [];
  readonly #encryptionKeys = parseEncryptionKeys(generateEncryptionKey());
  #watch: LicenseWatch | undefined;
  #writes = 0;

  constructor(readonly issuer: TestIssuer) {}

  /** @param File to watch through something that is not quite a license file */
  file(product?: string, File: typeof LicenseFile = LicenseFile): LicenseFile {
    const keys = TrustedKeyRing.from(this.issuer.trustedKeys);
    return new File({ path: this.path }, keys, product, (text) => this.log.push(`warn ${text}`));
  }

  /** A watch after its first look. */
  start(file = this.file(), serverId = 'server-1'): LicenseWatch {
    const trustedKeys = TrustedKeyRing.from(this.issuer.trustedKeys);
    const inputs = {
      encryptionKeys: this.#encryptionKeys,
      trustedKeys,
      revocationsPath: undefined,
      serverId,
    };
    const sealer = sealerOf(inputs, this.clock);
    const watch = new LicenseWatch(file, sealer, this.clock, {
      log: (text: string) => this.log.push(`info ${text}`),
      warn: (text: string) => this.log.push(`warn ${text}`),
      error: (text: string) => this.log.push(`error ${text}`),
    });
    this.#watch = watch;
    watch.onModuleInit();
    return watch;
  }

  /** Writes in place. Each write has a time of its own, as writes by people do. */
  write(text: string, path = this.path): void {
    writeFileSync(path, text);
    this.#writes += 1;
    utimesSync(path, this.#writes, this.#writes);
  }

  /** Writes a license file in place. @returns the license */
  put(jws: string, path = this.path): string {
    this.write(formatLicenseText(jws), path);
    return jws;
  }

  /** Lets the watch look once. */
  lookOnce(): void {
    this.clock.advance(pollMs);
  }

  /** Lets the watch look until a bad file would have been noticed. */
  look(): void {
    this.clock.advance(2 * pollMs);
  }

  remove(): void {
    this.#watch?.beforeApplicationShutdown();
    rmSync(this.directory, { recursive: true });
  }
}
