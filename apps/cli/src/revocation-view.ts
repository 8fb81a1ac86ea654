import { readUnverifiedRevocation } from '@latchkey/license/protocol';

import type { SignatureState } from './license-view.js';
import { printable, type Row } from './outcome.js';
import { isoTime } from './times.js';

/** What people and programs are shown of a revocation list. Times are ISO 8601 in UTC. */
export interface RevocationView {
  readonly issuer: string;
  readonly serial: number;
  readonly issuedAt: string;
  /** Ids of the licenses taken back. */
  readonly revoked: readonly string[];
  readonly keyId: string;
  readonly algorithm: string;
  readonly signature: SignatureState;
}

/**
 * Reads a revocation list for showing it, whatever its signature is worth.
 *
 * @param signature what the caller found out about it
 * @throws {TOO_LARGE | MALFORMED | HEADER_REFUSED | TYPE_REFUSED | ALGORITHM_REFUSED | VERSION_UNSUPPORTED | CLAIMS_INVALID}
 *   when it is not a revocation list
 */
export function viewRevocation(jws: string, signature: SignatureState): RevocationView {
  const { issuer, serial, issuedAtMs, revoked, kid, alg } = readUnverifiedRevocation(jws);
  return {
    issuer,
    serial,
    issuedAt: isoTime(issuedAtMs),
    revoked: [...revoked],
    keyId: kid,
    algorithm: alg,
    signature,
  };
}

/** A revocation list as rows for people. */
export function revocationRows(view: RevocationView): Row[] {
  return [
    ['issuer', printable(view.issuer)],
    ['serial', String(view.serial)],
    ['issued', view.issuedAt],
    ['revoked', view.revoked.length === 0 ? 'none' : view.revoked.map(printable)],
    ['key id', view.keyId],
    ['algorithm', view.algorithm],
    ['signature', view.signature],
  ];
}
