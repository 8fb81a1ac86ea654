import type { BeforeApplicationShutdown, LoggerService, OnModuleInit } from '@nestjs/common';
import { Subject } from 'rxjs';

import {
  LicenseError,
  readTextFile,
  verifySignedRevocation,
  WatchedFile,
  type Clock,
  type SignedRevocation,
  type TrustedKeyRing,
} from '@latchkey/license/protocol';

const pollMs = 1000;

/**
 * The vendor's revocation list, read at the start and whenever its file changes. The last good one stays: a bad
 * file or an older list gives no revoked license back.
 */
export class RevocationList implements OnModuleInit, BeforeApplicationShutdown {
  /** Says that another list is to be handed out. */
  readonly changes$ = new Subject<void>();
  #current: SignedRevocation | null = null;
  #problem: LicenseError | null = null;
  #file: WatchedFile | null = null;

  /** @param path undefined: there is no list */
  constructor(
    private readonly path: string | undefined,
    private readonly keys: TrustedKeyRing,
    private readonly clock: Clock,
    private readonly logger: LoggerService,
  ) {}

  /** The list being handed out; null when none has verified since the start. */
  get current(): SignedRevocation | null {
    return this.#current;
  }

  /** Why what is in the file now is not being handed out; null when it is, and when there is no file to read. */
  get problem(): LicenseError | null {
    return this.#problem;
  }

  onModuleInit(): void {
    const { path } = this;
    if (path === undefined) return;
    this.#file = new WatchedFile(path, this.clock, () => this.#look(path), pollMs);
    this.#look(path);
  }

  beforeApplicationShutdown(): void {
    this.#file?.stop();
  }

  #look(path: string): void {
    try {
      this.#take(this.#read(path));
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof LicenseError)) throw error;
      this.#problem = error;
      const meanwhile =
        this.#current === null ? 'no list is handed out' : `still handing out ${describe(this.#current)}`;
      this.logger.error(`${error.message} (${error.code}); ${meanwhile}`);
    }
  }

  #read(path: string): SignedRevocation {
    const text = readTextFile(path, 'revocation list', (message) => this.logger.warn(message));
    // Mail wraps lines; a compact JWS has no white space of its own.
    return verifySignedRevocation(text.replaceAll(/\s+/g, ''), this.keys);
  }

  #take(offered: SignedRevocation): void {
    if (offered.jws === this.#current?.jws) return;
    if (this.#current !== null) assertNewer(offered, this.#current);
    this.#current = offered;
    this.logger.log(`handing out ${describe(offered)}`);
    this.changes$.next();
  }
}

function assertNewer(offered: SignedRevocation, held: SignedRevocation): void {
  if (offered.issuer !== held.issuer || offered.serial > held.serial) return;
  if (offered.serial < held.serial) {
    throw new LicenseError(
      'ROLLBACK',
      `revocation list: serial ${offered.serial} is older than serial ${held.serial}, which is being handed out: put the newer file back`,
    );
  }
  throw new LicenseError(
    'SERIAL_CONFLICT',
    `revocation list: serial ${offered.serial} is being handed out with other content: ask the vendor for a list with a higher serial`,
  );
}

function describe({ serial, revoked, kid }: SignedRevocation): string {
  return `revocation list ${serial} (licenses revoked: ${revoked.size}, signed with key ${kid})`;
}
