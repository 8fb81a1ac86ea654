import {
  readUnverifiedLicense,
  standingOf,
  type FeatureValue,
  type LicenseErrorCode,
  type Standing,
} from '@latchkey/license/protocol';

import { printable, type Row } from './outcome.js';
import { isoTime, span } from './times.js';

/** What people and programs are shown of a license. Times are ISO 8601 in UTC. */
export interface LicenseView {
  readonly id: string;
  readonly serial: number;
  readonly issuer: string;
  readonly customer: { readonly id: string; readonly name: string | null };
  readonly product: string;
  readonly edition: string;
  readonly features: Readonly<Record<string, FeatureValue>>;
  /** -1 is unlimited. */
  readonly limits: Readonly<Record<string, number>>;
  /** Null: may run in any deployment. */
  readonly deployments: readonly string[] | null;
  readonly trial: boolean;
  readonly nonProduction: boolean;
  readonly issuedAt: string;
  readonly notBefore: string | null;
  /** When the license ends, and its grace period, if any, begins. Null: perpetual. */
  readonly expiresAt: string | null;
  /** Whole days until `expiresAt`; below zero once it has passed. */
  readonly daysLeft: number | null;
  /** When the grace period ends. Null: there is none. */
  readonly graceEndsAt: string | null;
  /** Where it stands by its dates. */
  readonly standing: Standing;
  readonly keyId: string;
  readonly algorithm: string;
  readonly signature: SignatureState;
}

/** `valid`, `not checked`, or why it does not hold. */
export type SignatureState = 'valid' | 'not checked' | LicenseErrorCode;

const standingText: Readonly<Record<Standing, string>> = {
  'not-yet-valid': 'not valid yet',
  active: 'active',
  grace: 'in its grace period',
  expired: 'expired',
};

/**
 * Reads a license for showing it, whatever its signature is worth.
 *
 * @param signature what the caller found out about it
 * @throws {TOO_LARGE | MALFORMED | HEADER_REFUSED | TYPE_REFUSED | ALGORITHM_REFUSED | VERSION_UNSUPPORTED | CLAIMS_INVALID}
 *   when it is not a license
 */
export function viewLicense(jws: string, signature: SignatureState, nowMs: number): LicenseView {
  const { kid, alg, license } = readUnverifiedLicense(jws);
  const { softEndMs, hardEndMs, notBeforeMs } = license;
  return {
    id: license.id,
    serial: license.serial,
    issuer: license.issuer,
    customer: license.customer,
    product: license.product,
    edition: license.edition,
    features: license.features,
    limits: license.limits,
    deployments: license.deployments,
    trial: license.trial,
    nonProduction: license.nonProduction,
    issuedAt: isoTime(license.issuedAtMs),
    notBefore: Number.isFinite(notBeforeMs) ? isoTime(notBeforeMs) : null,
    expiresAt: Number.isFinite(softEndMs) ? isoTime(softEndMs) : null,
    daysLeft: Number.isFinite(softEndMs) ? Math.floor((softEndMs - nowMs) / 86_400_000) : null,
    graceEndsAt: hardEndMs > softEndMs ? isoTime(hardEndMs) : null,
    standing: standingOf(license, nowMs),
    keyId: kid,
    algorithm: alg,
    signature,
  };
}

/** A license as rows for people. */
export function licenseRows(view: LicenseView, nowMs: number): Row[] {
  const { id, name } = view.customer;
  const marks = [...(view.trial ? ['trial'] : []), ...(view.nonProduction ? ['not for production'] : [])];
  const rows: Row[] = [
    ['license', view.id],
    ['serial', String(view.serial)],
    ['issuer', view.issuer],
    ['customer', name === null ? id : `${id} (${name})`],
    ['product', view.product],
    ['edition', [view.edition, ...marks].join(', ')],
    ['features', listed(Object.entries(view.features).map(featureText), 'none')],
    ['limits', listed(Object.entries(view.limits).map(limitText), 'none: unlimited')],
    ['deployments', listed(view.deployments ?? ['any'], 'none')],
    ['issued', view.issuedAt],
    ...(view.notBefore === null ? [] : [['valid from', view.notBefore] as const]),
    ['expires', view.expiresAt === null ? 'never (perpetual)' : endText(view.expiresAt, nowMs)],
    ...(view.graceEndsAt === null ? [] : [['grace until', endText(view.graceEndsAt, nowMs)] as const]),
    ['by date', standingText[view.standing]],
    ['key id', view.keyId],
    ['algorithm', view.algorithm],
    ['signature', view.signature],
  ];
  return rows.map(([label, value]) => [
    label,
    typeof value === 'string' ? printable(value) : value.map(printable),
  ]);
}

function listed(values: readonly string[], otherwise: string): readonly string[] {
  return values.length === 0 ? [otherwise] : values;
}

function featureText([name, value]: readonly [string, FeatureValue]): string {
  return value === true ? name : `${name} = ${value}`;
}

function limitText([name, value]: readonly [string, number]): string {
  return `${name} = ${value === -1 ? 'unlimited' : value}`;
}

function endText(time: string, nowMs: number): string {
  const leftMs = Date.parse(time) - nowMs;
  return `${time} (${leftMs > 0 ? `${span(leftMs)} left` : `${span(leftMs)} ago`})`;
}
