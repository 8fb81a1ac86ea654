import type { BeforeApplicationShutdown, LoggerService, OnModuleInit } from '@nestjs/common';
import { Subject } from 'rxjs';

import {
  expiryWarning,
  LicenseError,
  standingOf,
  type Clock,
  type ExpiryWarning,
  type LicenseErrorCode,
  type SignedLicense,
  type Standing,
} from '@latchkey/license/protocol';

import { describeLicense, standingText } from './describe-license.js';
import type { LicenseFile } from './license-file.js';
import type { Sealer } from './sealer.js';
import { ServedLicense } from './served-license.js';

const pollMs = 1000;

/** Problems that may go away while the file stays as it is: it becomes readable, the license before it ends. */
const mayPass: ReadonlySet<LicenseErrorCode | undefined> = new Set([
  'FILE_UNREADABLE',
  'ROLLBACK',
  'SERIAL_CONFLICT',
]);

/**
 * Looks at the license file every second and keeps the license to serve. Asking is plain but sees everything that
 * notifications miss: an editor's rename, the symlink swap of a Kubernetes secret, a network file system.
 */
export class LicenseWatch implements OnModuleInit, BeforeApplicationShutdown {
  /** Says that another license took over. */
  readonly changes$ = new Subject<SignedLicense>();
  readonly #served = new ServedLicense();
  #problem: LicenseError | null = null;
  #standing: Standing | null = null;
  #expiry: ExpiryWarning | null = null;
  #seen = '';
  #settled = false;
  #stop = (): void => {};

  constructor(
    private readonly file: LicenseFile,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly logger: LoggerService,
  ) {}

  /** The license being served; null when no file has verified since the start. */
  get current(): SignedLicense | null {
    return this.#served.current;
  }

  /** Where the license being served stands today; null without one. */
  get standing(): Standing | null {
    return this.current === null ? null : standingOf(this.current.license, this.clock.wallMs());
  }

  /** Why what is at the path now is not being served; null when it is. */
  get problem(): LicenseError | null {
    return this.#problem;
  }

  onModuleInit(): void {
    this.#poll();
  }

  beforeApplicationShutdown(): void {
    this.#stop();
  }

  #poll(): void {
    this.#look();
    this.#tellStanding();
    this.#tellExpiry();
    this.#stop = this.clock.after(pollMs, () => this.#poll());
  }

  /**
   * Reads the file when it changed, and once more when it has come to rest: a file written in place may be half
   * there at first, so a change that does not verify is believed only on the second look.
   */
  #look(): void {
    const fingerprint = this.file.fingerprint();
    const first = this.#seen === '';
    const atRest = fingerprint === this.#seen;
    if (atRest && this.#settled && !mayPass.has(this.#problem?.code)) return;
    this.#seen = fingerprint;
    this.#settled = atRest;
    try {
      this.#take(this.file.read(), first);
    } catch (error) {
      if (atRest || first) this.#refuse(error);
    }
  }

  #take(candidate: SignedLicense, first: boolean): void {
    // One that is too large for an envelope is found out here, while the one before it is still served.
    this.sealer.seal(candidate.jws);
    const tookOver = this.#served.offer(candidate, this.clock.wallMs());
    // The first one is named in the line that introduces the server.
    if ((tookOver && !first) || this.#problem !== null) {
      this.logger.log(`serving ${describeLicense(candidate)}`);
    }
    this.#problem = null;
    if (tookOver) this.changes$.next(candidate);
  }

  #refuse(error: unknown): void {
    const problem =
      error instanceof LicenseError
        ? error
        : new LicenseError('FILE_UNREADABLE', 'license file: cannot be read', { cause: error });
    const known = this.#problem?.code === problem.code && this.#problem.message === problem.message;
    this.#problem = problem;
    if (known) return;
    const meanwhile =
      this.current === null
        ? 'no license is served, so services that hold none run as community edition'
        : `still serving ${describeLicense(this.current)}`;
    this.logger.error(`${problem.message} (${problem.code}); ${meanwhile}`);
  }

  #tellStanding(): void {
    const { standing } = this;
    if (standing === this.#standing) return;
    this.#standing = standing;
    // That it is in its grace period is an expiry warning, and repeated.
    if ((standing === 'not-yet-valid' || standing === 'expired') && this.current !== null) {
      this.logger.warn(`${describeLicense(this.current)}: ${standingText[standing]}`);
    }
  }

  #tellExpiry(): void {
    if (this.current === null) return;
    const { license } = this.current;
    const warning = expiryWarning(license, this.clock.wallMs(), this.clock.monotonicMs(), this.#expiry);
    if (warning === null) return;
    this.#expiry = warning;
    this.logger.warn(warning.message);
  }
}
