import {
  LicenseError,
  verifySignedLicense,
  verifySignedRevocation,
  type TrustedKeyRing,
} from '@latchkey/license/protocol';

import { licenseRows, viewLicense, type SignatureState } from './license-view.js';
import { printable, type Row } from './outcome.js';

/** What can be said of one vendor-signed document that was found behind a seal. */
export interface Statement {
  readonly rows: readonly Row[];
  readonly json: unknown;
  /** Why its signature does not hold, or why it cannot be read at all; null when nothing is wrong. */
  readonly problem: LicenseError | null;
}

/** @param keys null: the signature is not checked */
export function licenseStatement(jws: string | null, keys: TrustedKeyRing | null, nowMs: number): Statement {
  if (jws === null) return { rows: [['license', 'none']], json: null, problem: null };
  const { signature, problem } = checked(keys, (ring) => verifySignedLicense(jws, ring));
  try {
    const view = viewLicense(jws, signature, nowMs);
    return { rows: licenseRows(view, nowMs), json: view, problem };
  } catch (error) {
    if (!(error instanceof LicenseError)) throw error;
    const { code, message } = error;
    return {
      rows: [['license', `not readable: ${code}: ${printable(message)}`]],
      json: { code },
      problem: error,
    };
  }
}

/** @param keys null: the signature is not checked */
export function revocationStatement(jws: string | undefined, keys: TrustedKeyRing | null): Statement {
  if (jws === undefined) return { rows: [['revocations', 'none']], json: null, problem: null };
  const { signature, problem, value } = checked(keys, (ring) => verifySignedRevocation(jws, ring));
  if (value === null)
    return { rows: [['revocations', `present, signature ${signature}`]], json: { signature }, problem };
  const { serial, revoked } = value;
  return {
    rows: [['revocations', `serial ${serial}, licenses revoked: ${revoked.size}, signature ${signature}`]],
    json: { signature, serial, revoked: [...revoked] },
    problem,
  };
}

interface Checked<T> {
  readonly signature: SignatureState;
  readonly problem: LicenseError | null;
  readonly value: T | null;
}

function checked<T>(keys: TrustedKeyRing | null, verify: (keys: TrustedKeyRing) => T): Checked<T> {
  if (keys === null) return { signature: 'not checked', problem: null, value: null };
  try {
    return { signature: 'valid', problem: null, value: verify(keys) };
  } catch (error) {
    if (!(error instanceof LicenseError)) throw error;
    return { signature: error.code, problem: error, value: null };
  }
}
