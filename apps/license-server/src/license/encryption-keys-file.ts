import type { BeforeApplicationShutdown, LoggerService, OnModuleInit } from '@nestjs/common';
import { Subject } from 'rxjs';

import {
  LicenseError,
  parseEncryptionKeys,
  readTextFile,
  WatchedFile,
  type Clock,
  type EncryptionKeyRing,
} from '@latchkey/license/protocol';

const variable = 'LICENSE_ENCRYPTION_KEYS_FILE';
const pollMs = 1000;

/** Takes rotated encryption keys into the ring while the server runs. Keys that cannot be used never replace it. */
export class EncryptionKeysFile implements OnModuleInit, BeforeApplicationShutdown {
  /** Says that the ring holds other keys now. */
  readonly changes$ = new Subject<void>();
  #problem: LicenseError | null = null;
  #file: WatchedFile | null = null;

  /**
   * @param path undefined: the keys came from elsewhere, and stay
   * @param ring as it was read at the start
   */
  constructor(
    private readonly path: string | undefined,
    readonly ring: EncryptionKeyRing,
    private readonly clock: Clock,
    private readonly logger: LoggerService,
  ) {}

  /** Why the keys in the file now are not in use; null when they are. */
  get problem(): LicenseError | null {
    return this.#problem;
  }

  onModuleInit(): void {
    const { path } = this;
    if (path === undefined) return;
    this.#file = new WatchedFile(path, this.clock, () => this.#look(path), pollMs);
    this.#look(path); // it may have changed between the configuration and the watch
  }

  beforeApplicationShutdown(): void {
    this.#file?.stop();
  }

  #look(path: string): void {
    try {
      const before = this.ring.kids.join();
      this.ring.replaceWith(parseEncryptionKeys(readTextFile(path, variable)));
      if (this.#problem !== null || this.ring.kids.join() !== before) {
        this.logger.log(`encryption keys now: ${this.ring.kids.join(', ')}; the first one seals`);
      }
      this.#problem = null;
      this.changes$.next();
    } catch (error) {
      if (!(error instanceof LicenseError)) throw error;
      const { code, message } = error;
      const text = message.startsWith(variable) ? message : `${variable} ${path}: ${message}`;
      this.#problem = new LicenseError(code, text, { cause: error });
      this.logger.error(`${text} (${code}); the keys read before stay in use: ${this.ring.kids.join(', ')}`);
    }
  }
}
