import { Logger } from '@nestjs/common';

import type { Clock } from '../core/clock.js';
import type { LicenseError } from '../core/errors.js';
import { expiryWarning, type ExpiryWarning } from '../core/expiry-warning.js';
import type { License } from '../core/license.js';
import type { LicenseOrigin, LicenseStatus } from '../core/status.js';

const dayMs = 24 * 60 * 60 * 1000;
const afterChangeMs = 10 * 60 * 1000;
const isoTime = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/**
 * Everything the library logs, in one place. It speaks when something changes, and repeats itself at most daily.
 * `error`: somebody must act; `warn`: degraded but serving. Never a key, an envelope, a token or a customer's name.
 */
export class LicenseLog {
  readonly #logger = new Logger('License');
  readonly #saidAtMs = new Map<string, number>();
  #state: string | null = null;
  #changedAtMs = -Infinity;
  #reachable: boolean | null = null;
  #saveFailed = false;
  #expiry: ExpiryWarning | null = null;

  constructor(private readonly clock: Clock) {}

  /** What is wrong or noteworthy with the configuration, once. */
  configuration(problems: readonly string[], warnings: readonly string[]): void {
    for (const warning of warnings) this.warn(warning);
    if (problems.length > 0)
      this.#logger.error(`licensing cannot be used as configured: ${problems.join('; ')}`);
  }

  warn(message: string): void {
    if (this.#daily(message)) this.#logger.warn(message);
  }

  /** The encryption keys were rotated. */
  keysRotated(kids: readonly string[]): void {
    this.#logger.log(`encryption keys now: ${kids.join(', ')}; the first one seals`);
  }

  /** The state, when it is another than last time. */
  status(status: LicenseStatus): void {
    const state = `${status.state} ${status.reason} ${status.edition} ${status.license?.serial ?? ''}`;
    if (state !== this.#state) {
      this.#state = state;
      this.#changedAtMs = this.clock.monotonicMs();
      this.#sayState(status);
    }
    if (status.clockRolledBack) {
      this.warn(
        'the system clock stands before the last time the vendor signed: check it; licenses are judged by the later time',
      );
    }
  }

  /** The license in force, judged at `nowMs`, comes near its end or is past it. */
  expiry(license: License, nowMs: number): void {
    const warning = expiryWarning(license, nowMs, this.clock.monotonicMs(), this.#expiry);
    if (warning === null) return;
    this.#expiry = warning;
    this.#logger.warn(warning.message);
  }

  /** The way to the license-servers opened (null) or closed. */
  reachable(problem: string | null): void {
    if (this.#reachable === (problem === null)) return;
    this.#reachable = problem === null;
    if (problem === null) this.#logger.log('connected to NATS');
    else
      this.#logger.warn(
        `no connection to NATS (${problem}): going on without, trying again in the background`,
      );
  }

  saved(error: LicenseError | null): void {
    if (error !== null && this.#daily(error.message)) this.#logger.warn(error.message);
    if (error === null && this.#saveFailed) this.#logger.log('the key file is saved again');
    this.#saveFailed = error !== null;
  }

  /** An offer was refused. Retained copies lag behind, and so do servers that are being updated. */
  refused(error: LicenseError, origin: LicenseOrigin): void {
    // What time it is may be part of the message, and does not make it another refusal.
    if (!this.#daily(`${error.code} ${error.message.replaceAll(isoTime, '')}`)) return;
    const updating = this.clock.monotonicMs() - this.#changedAtMs < afterChangeMs;
    if (error.code === 'ROLLBACK' && (updating || origin === 'retained')) {
      this.#logger.log(`not taken: ${error.message}`);
    } else {
      this.#logger.warn(`not taken (${error.code}): ${error.message}`);
    }
  }

  /** A message from outside was no word of this deployment. Its sender chooses the text: one line per code. */
  dropped(error: LicenseError): void {
    if (this.#daily(`dropped ${error.code}`))
      this.#logger.warn(`message dropped (${error.code}): ${error.message}`);
  }

  #sayState({
    state,
    reason,
    edition,
    license,
    expiresAt,
    graceEndsAt,
    source,
    message,
  }: LicenseStatus): void {
    const what = license === null ? '' : `license ${license.id} (serial ${license.serial})`;
    switch (state) {
      case 'active':
        this.#logger.log(
          `${edition} edition: ${what} from ${source}, until ${expiresAt?.toISOString() ?? 'further notice'}`,
        );
        break;
      case 'grace': // the warning is that of `expiry`
        this.#logger.log(
          `${edition} edition: ${what} from ${source}, in its grace period until ${graceEndsAt?.toISOString()}`,
        );
        break;
      case 'expired':
      case 'revoked':
      case 'invalid':
        if (reason === 'misconfigured')
          this.#logger.log(`${edition} edition: ${message}`); // the error was said
        else this.#logger.error(`${edition} edition: ${message}`);
        break;
      case 'absent':
      case 'pending':
        this.#logger.log(`${edition} edition: ${message}`);
        break;
    }
  }

  /** True when `key` was not said in the last day. Bounded: what outsiders can vary is not part of a key. */
  #daily(key: string): boolean {
    const nowMs = this.clock.monotonicMs();
    const said = this.#saidAtMs.get(key);
    if (said !== undefined && nowMs - said < dayMs) return false;
    this.#saidAtMs.set(key, nowMs);
    return true;
  }
}
