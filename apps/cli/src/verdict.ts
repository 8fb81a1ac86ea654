import { standingOf, type License, type LicenseErrorCode } from '@latchkey/license/protocol';

import { isoTime, span } from './times.js';

/** What a service would judge a license by, besides its signature. */
export interface Conditions {
  /** The product the service is; undefined: not checked. */
  readonly product: string | undefined;
  /** The deployment it runs in; undefined: none is set. */
  readonly deployment: string | undefined;
  readonly atMs: number;
}

/** Whether a service would be licensed, and why. */
export interface Verdict {
  readonly licensed: boolean;
  readonly code: 'VALID' | 'GRACE' | LicenseErrorCode;
  readonly message: string;
}

/** Judges a license whose signature holds, in the order in which a service does (protocol section 5). */
export function judge(license: License, conditions: Conditions): Verdict {
  return (
    wrongProduct(license, conditions.product) ??
    wrongDeployment(license, conditions.deployment) ??
    judgeDates(license, conditions.atMs)
  );
}

function wrongProduct(license: License, product: string | undefined): Verdict | null {
  if (product === undefined || product === license.product) return null;
  return refused('PRODUCT_MISMATCH', `expected a license for ${product}, found one for ${license.product}`);
}

function wrongDeployment({ deployments }: License, deployment: string | undefined): Verdict | null {
  if (deployments === null || (deployment !== undefined && deployments.includes(deployment))) return null;
  const listed = deployments.join(', ') || 'no deployment at all';
  return refused(
    'DEPLOYMENT_MISMATCH',
    deployment === undefined
      ? `the license is bound to deployments (${listed}): name yours with --deployment`
      : `the license is bound to other deployments (${listed}) than ${deployment}`,
  );
}

function judgeDates(license: License, atMs: number): Verdict {
  const { notBeforeMs, issuedAtMs, softEndMs, hardEndMs } = license;
  const standing = standingOf(license, atMs);
  if (standing === 'active') {
    const end = Number.isFinite(softEndMs) ? `until ${isoTime(softEndMs)}` : 'for good';
    return { licensed: true, code: 'VALID', message: `the license is valid ${end}` };
  }
  if (standing === 'grace') {
    const message = `the license ended at ${isoTime(softEndMs)} and is in its grace period until ${isoTime(hardEndMs)}: renew it`;
    return { licensed: true, code: 'GRACE', message };
  }
  if (standing === 'expired') {
    return refused('EXPIRED', `the license ended at ${isoTime(hardEndMs)}, ${span(atMs - hardEndMs)} before`);
  }
  if (atMs < notBeforeMs)
    return refused('NOT_YET_VALID', `the license is valid from ${isoTime(notBeforeMs)}`);
  return refused(
    'ISSUED_IN_FUTURE',
    `the license was issued at ${isoTime(issuedAtMs)}, more than a day later: is the system clock right?`,
  );
}

function refused(code: LicenseErrorCode, message: string): Verdict {
  return { licensed: false, code, message };
}
