import { readUnverifiedLicense } from '@latchkey/license/protocol';

import type { RawClaims } from './claims-file.js';
import { UsageError } from './failure.js';

const dayMs = 86_400_000;

/** How the serial of a new license is found. */
export interface SerialOptions {
  /** Given by the user; undefined: the clock in milliseconds, so that it grows by itself. */
  readonly wanted: unknown;
  /** The license that the new one follows, a compact JWS. */
  readonly after: string | undefined;
  /** Allow a serial far ahead of the clock. */
  readonly force: boolean;
  readonly nowMs: number;
}

/**
 * The serial for new claims: of one issuer and product, services keep the license with the highest.
 *
 * @throws {UsageError} when the license would lose against the one it follows, or every later one against it
 */
export function serialFor(claims: RawClaims, { wanted, after, force, nowMs }: SerialOptions): unknown {
  const floor = after === undefined ? 0 : serialOf(after, claims);
  const serial = wanted ?? Math.max(nowMs, floor + 1);
  if (typeof serial !== 'number') return serial; // the check of claims names it
  if (serial <= floor) {
    throw new UsageError(
      `serial ${serial} is not above ${floor}, the serial of the license given with --after`,
    );
  }
  if (serial > nowMs + dayMs && !force) {
    throw new UsageError(
      `serial ${serial} is more than a day ahead of the clock in milliseconds (${nowMs}): licenses issued later would ` +
        'lose against it; give --force if that is meant',
    );
  }
  return serial;
}

function serialOf(jws: string, claims: RawClaims): number {
  const { issuer, product, serial } = readUnverifiedLicense(jws).license;
  if (issuer !== claims['iss'] || product !== claims['aud']) {
    throw new UsageError(
      `--after: expected a license of the same issuer and product, found issuer "${issuer}" and product "${product}"`,
    );
  }
  return serial;
}
