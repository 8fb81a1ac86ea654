import { LicenseError } from '../core/errors.js';
import type { LicenseClaims } from '../protocol/claims.js';
import { readUnverifiedLicense } from '../protocol/signed-license.js';
import { editedLicense } from './edited-license.js';
import type { ManualClock } from './manual-clock.js';
import type { TestDeployment } from './test-deployment.js';
import type { TestIssuer } from './test-issuer.js';

/**
 * The world around an app under test: its vendor, its license-servers, its key file and its clock. What happens
 * here reaches the app the way it does in production, and is in force when the method returns. {@link licenseOf}
 * gives it.
 */
export class LicenseControl {
  /** @internal */
  constructor(
    /** @internal */
    readonly deployment: TestDeployment,
  ) {}

  /** The app's time, as far as licensing goes. It stands still until it is turned. */
  get clock(): ManualClock {
    return this.deployment.clock;
  }

  /** The vendor, whose licenses the app takes. */
  get issuer(): TestIssuer {
    return this.deployment.issuer;
  }

  /** What the license-servers serve (compact JWS), or null for none. */
  get license(): string | null {
    return this.deployment.servers.license;
  }

  /**
   * The vendor issues a new license, and the license-servers serve it from now on. It arrives at once, or when the
   * outage is over. Like the real ones, an instance opens ten messages a second: each further one takes the clock
   * 100 ms on.
   *
   * @param changes as for {@link TestIssuer.claims}; nothing is carried over from the license before
   * @returns the license (compact JWS)
   */
  issue(changes: Partial<LicenseClaims> = {}): string {
    const license = this.issuer.issue(changes);
    this.deployment.servers.serve(license);
    return license;
  }

  /**
   * The vendor takes licenses back.
   *
   * @param ids of the licenses (`jti`); default the one that is served
   * @throws {Error} when none is served
   */
  revoke(...ids: string[]): void {
    const { license } = this;
    if (license === null) throw new Error('expected a license to revoke, found none: issue() one first');
    const revoked = ids.length > 0 ? ids : [readUnverifiedLicense(license).license.id];
    this.deployment.servers.revocation = this.issuer.revoke(...revoked);
    this.deployment.servers.publish();
  }

  /** An outage begins: no license-server can be reached. */
  disconnect(): void {
    this.deployment.servers.lose();
  }

  /** The outage is over, and the license-servers publish what they serve. */
  reconnect(): void {
    this.deployment.servers.connect();
  }

  /**
   * Somebody who holds the encryption key hands out a license: an older one, say, or one of another vendor. The
   * license-servers go on serving theirs. During an outage it is lost.
   *
   * @param license a compact JWS
   */
  deliver(license: string): void {
    this.deployment.servers.deliver(license);
  }

  /**
   * Somebody who holds the encryption key, but not the vendor's, hands out a license with claims of their own.
   *
   * @param changes to what is served; default the edition `flagship`, under a serial that beats every other
   * @returns the forged license (compact JWS)
   */
  forge(changes: Partial<LicenseClaims> = {}): string {
    const genuine = this.license ?? this.issuer.issue();
    const forged = editedLicense(genuine, {
      edition: 'flagship',
      serial: Number.MAX_SAFE_INTEGER,
      ...changes,
    });
    this.deliver(forged);
    return forged;
  }

  /** Somebody without any key puts a message on the bus. */
  putOnBus(message: string): void {
    this.deployment.servers.put(message);
  }

  /** From now on the key file cannot be written. */
  failSaving(problem = 'no space left on device'): void {
    this.deployment.store.failure = new LicenseError('FILE_NOT_WRITTEN', `key file: ${problem}`);
  }

  /** The key file can be written again; the app tries with the next word of a license-server, or within a minute. */
  allowSaving(): void {
    this.deployment.store.failure = null;
  }

  /** Somebody writes over the key file. The app reads it when it starts the next time. */
  damageKeyFile(content = 'damaged'): void {
    this.deployment.store.sealed = content;
  }
}
