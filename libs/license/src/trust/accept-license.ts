import { LicenseError } from '../core/errors.js';
import { maxIssuedAheadMs, standingOf, type License } from '../core/license.js';
import type { LicenseOrigin } from '../core/status.js';
import type { EncryptionKeyRing } from '../protocol/encryption-keys.js';
import { openSealedLicense, type LicenseEnvelope } from '../protocol/sealed-license.js';
import {
  verifySignedLicense,
  verifySignedRevocation,
  type SignedLicense,
} from '../protocol/signed-license.js';
import type { Judgement, LicenseOffer, TrustPolicy, Verdict } from './judgement.js';
import type { TrustedState } from './trusted-state.js';

/**
 * Opens a sealed license (steps 1 and 2) and judges what is inside.
 *
 * @throws {LicenseError} when it does not open: nobody of this deployment sealed it, so it is no word at all
 */
export function openAndAccept(
  sealed: string,
  origin: LicenseOrigin,
  ring: EncryptionKeyRing,
  state: TrustedState,
  policy: TrustPolicy,
): Judgement & {
  /** What was sealed. */
  readonly envelope: LicenseEnvelope;
} {
  // 1. size and shape — endless data, parser differentials
  // 2. the seal — outsiders on the bus
  const envelope = openSealedLicense(sealed, ring);
  return { envelope, ...acceptLicense({ origin, ...envelope }, state, policy) };
}

/**
 * Judges an offer by the numbered rules of protocol section 5, and is the only place that changes what is
 * trusted. A refusal never changes what is in force.
 */
export function acceptLicense(offer: LicenseOffer, state: TrustedState, policy: TrustPolicy): Judgement {
  // First, because a license in the same envelope may be on the list.
  const revocationError = refusalOf(() => acceptRevocation(offer.revocation, state, policy));
  let vendorSigned = false;
  try {
    const jws = offer.license;
    if (jws === null) return { verdict: { outcome: 'none' }, revocationError };
    if (jws === state.current?.signed.jws) return { verdict: { outcome: 'unchanged' }, revocationError };

    // 3. the vendor's signature — forgery, also by an insider who holds the encryption key
    // 4. schema and version of the claims — half-understood licenses
    const signed = jws === state.next?.jws ? state.next : verifySignedLicense(jws, policy.keys);
    vendorSigned = true;
    // 5. product, deployment, edition — a license meant for somebody else
    assertMeantForHere(signed.license, policy);
    // 6. revocation — a license the vendor took back
    assertNotRevoked(signed.license, state);
    // 7. serial — an older license brought back
    assertNewest(signed, state);
    // 8. dates — too early, too late
    // 9. in force in memory; saving it comes after, and may fail without taking it away
    return { verdict: judgeDates(signed, offer.origin, state), revocationError };
  } catch (error) {
    if (!(error instanceof LicenseError)) throw error;
    return { verdict: { outcome: 'refused', error, vendorSigned }, revocationError };
  }
}

/**
 * Judges the license kept for later again; call it as time passes. What turns out to be refused is kept no longer.
 *
 * @returns null when there is none, or it is still too early
 */
export function acceptNext(
  state: TrustedState,
  policy: TrustPolicy,
  origin: LicenseOrigin,
): Judgement | null {
  if (state.next === null) return null;
  const judgement = acceptLicense({ origin, license: state.next.jws }, state, policy);
  if (judgement.verdict.outcome === 'kept-for-later') return null;
  if (judgement.verdict.outcome === 'refused') state.dropNext();
  return judgement;
}

function acceptRevocation(jws: string | undefined, state: TrustedState, policy: TrustPolicy): void {
  if (jws === undefined || jws === state.revocation?.jws) return;
  const offered = verifySignedRevocation(jws, policy.keys);
  const held = state.revocationOf(offered.issuer);
  if (held?.jws === jws) return;
  // Attack: replaying an envelope from before the revocation.
  if (held !== null && offered.serial <= held.serial) {
    throw new LicenseError(
      'ROLLBACK',
      `revocation list ${offered.serial} is not newer than list ${held.serial}, which is known already`,
    );
  }
  state.revoke(offered);
  if (offered.issuedAtMs <= state.floor.nowMs() + maxIssuedAheadMs) state.floor.raise(offered.issuedAtMs);
}

function assertMeantForHere(license: License, policy: TrustPolicy): void {
  if (policy.product !== null && license.product !== policy.product) {
    throw new LicenseError(
      'PRODUCT_MISMATCH',
      `expected a license for ${policy.product}, found one for ${license.product}: install the license of this product`,
    );
  }
  if (license.deployments !== null && !license.deployments.includes(policy.deploymentId ?? '')) {
    const here =
      policy.deploymentId === null ? 'LICENSE_DEPLOYMENT_ID is not set' : `this is ${policy.deploymentId}`;
    throw new LicenseError(
      'DEPLOYMENT_MISMATCH',
      `expected a license that lists this deployment, found one for ${license.deployments.length} others (${here})`,
    );
  }
  if (!policy.editions.has(license.edition)) {
    throw new LicenseError(
      'EDITION_UNKNOWN',
      `expected one of the editions ${policy.editions.names.join(', ')}, found ${license.edition}: upgrade this service`,
    );
  }
}

function assertNotRevoked(license: License, state: TrustedState): void {
  if (state.isRevoked(license)) {
    throw new LicenseError('REVOKED', `license ${license.id} was revoked by the vendor: ask for a new one`);
  }
}

function assertNewest(offered: SignedLicense, state: TrustedState): void {
  const held = state.current?.signed.license;
  if (held === undefined || !state.isActive()) return; // whatever is valid takes over from what is not
  const { license } = offered;
  if (license.issuer !== held.issuer || license.product !== held.product) return;
  if (license.serial < held.serial) {
    throw new LicenseError(
      'ROLLBACK',
      `license serial ${license.serial} is older than serial ${held.serial}, which is in force: somebody is handing out an old file`,
    );
  }
  if (license.serial === held.serial) {
    throw new LicenseError(
      'SERIAL_CONFLICT',
      `two different licenses carry the serial ${license.serial}: the vendor has to issue one of them again`,
    );
  }
}

function judgeDates(signed: SignedLicense, origin: LicenseOrigin, state: TrustedState): Verdict {
  const { license } = signed;
  const nowMs = state.floor.nowMs();
  switch (standingOf(license, nowMs)) {
    case 'not-yet-valid':
      if (state.next === null || license.serial > state.next.license.serial) state.keepForLater(signed);
      return { outcome: 'kept-for-later', error: tooEarly(license, nowMs) };
    case 'expired': {
      const ended = new LicenseError(
        'EXPIRED',
        `license ${license.id} ended at ${new Date(license.hardEndMs).toISOString()}: renew it, or check the system clock`,
      );
      // With nothing better at hand it is shown, so that people see why they run without a license.
      const shown = state.current?.signed.license;
      if (!state.isActive() && (shown === undefined || shown.serial < license.serial)) {
        state.setCurrent(signed, origin);
      }
      return { outcome: 'refused', error: ended, vendorSigned: true };
    }
    case 'active':
    case 'grace':
      state.setCurrent(signed, origin);
      return { outcome: 'accepted', license };
  }
}

function tooEarly(license: License, nowMs: number): LicenseError {
  const now = new Date(nowMs).toISOString();
  return license.issuedAtMs > nowMs + maxIssuedAheadMs
    ? new LicenseError(
        'ISSUED_IN_FUTURE',
        `license ${license.id} was issued at ${new Date(license.issuedAtMs).toISOString()}, and it is ${now} here: check the system clock; the license is kept and tried again`,
      )
    : new LicenseError(
        'NOT_YET_VALID',
        `license ${license.id} begins at ${new Date(license.notBeforeMs).toISOString()}, and it is ${now} here: it is kept and takes over then; check the system clock if that is wrong`,
      );
}

function refusalOf(task: () => void): LicenseError | null {
  try {
    task();
    return null;
  } catch (error) {
    if (error instanceof LicenseError) return error;
    throw error;
  }
}
