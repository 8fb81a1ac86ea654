import { LicenseError, standingOf, type License, type SignedLicense } from '@latchkey/license/protocol';

/**
 * The license this server hands out, and the rules by which another one takes its place. It is never given up for
 * something worse: only a license that verifies is ever offered here.
 */
export class ServedLicense {
  #current: SignedLicense | null = null;

  get current(): SignedLicense | null {
    return this.#current;
  }

  /**
   * Offers a verified license.
   *
   * @returns true when it took over, false when it is the one already served
   * @throws {ROLLBACK} older than the one served: somebody put an old file back
   * @throws {SERIAL_CONFLICT} another license with the serial of the one served
   */
  offer(candidate: SignedLicense, nowMs: number): boolean {
    if (candidate.jws === this.#current?.jws) return false;
    if (this.#current !== null) assertMayReplace(this.#current.license, candidate.license, nowMs);
    this.#current = candidate;
    return true;
  }
}

function assertMayReplace(served: License, candidate: License, nowMs: number): void {
  const sameSeries = served.issuer === candidate.issuer && served.product === candidate.product;
  if (!sameSeries || candidate.serial > served.serial) return;
  // An annual license may come back after a trial with a higher serial has ended, and a renewal that was put in
  // place before its time may be taken away again.
  if (!['active', 'grace'].includes(standingOf(served, nowMs))) return;
  if (candidate.serial < served.serial) {
    throw new LicenseError(
      'ROLLBACK',
      `license file: serial ${candidate.serial} is older than serial ${served.serial}, which is being served and valid: put the newer file back, or ask the vendor for a license with a higher serial`,
    );
  }
  throw new LicenseError(
    'SERIAL_CONFLICT',
    `license file: serial ${candidate.serial} is being served with other content: ask the vendor for a license with a higher serial`,
  );
}
