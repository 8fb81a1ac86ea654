import type { EditionLadder } from '../core/editions.js';
import { frozenRecord } from '../core/records.js';
import type { LicenseErrorCode } from '../core/errors.js';
import type { FeatureValue } from '../core/license.js';
import {
  reasonText,
  type LicenseReason,
  type LicenseState,
  type LicenseStatus,
  type RefusalNote,
} from '../core/status.js';
import { isObject } from '../protocol/strict-json.js';
import type { TrustedState } from '../trust/trusted-state.js';

/** Everything a status is made of. */
export interface StatusInputs {
  readonly state: TrustedState;
  readonly editions: EditionLadder;
  readonly communityLimits: Readonly<Record<string, number>>;
  readonly configured: boolean;
  readonly misconfigured: boolean;
  readonly pending: boolean;
  readonly fresh: boolean;
  readonly clockOffsetMs: number | null;
  readonly persisted: boolean;
  readonly persistError: string | null;
  readonly lastRefusal: RefusalNote | null;
  /** The last refusal that says something about this deployment, not about whoever sent it. */
  readonly decisiveRefusal: LicenseErrorCode | null;
}

const noFeatures = frozenRecord<FeatureValue>({});

/** Takes the picture: what is believed now, and why. */
export function reportStatus(inputs: StatusInputs): LicenseStatus {
  const { state, editions } = inputs;
  const active = state.isActive();
  const license = state.current?.signed.license ?? null;
  const [name, reason] = verdictOf(inputs);
  const edition = active && license !== null ? license.edition : editions.lowest;
  return Object.freeze({
    active,
    state: name,
    reason,
    message: `this deployment runs ${edition} (${reasonText[reason]})`,
    edition,
    features: active && license !== null ? license.features : noFeatures,
    limits: active && license !== null ? license.limits : inputs.communityLimits,
    license:
      license === null
        ? null
        : Object.freeze({
            id: license.id,
            serial: license.serial,
            product: license.product,
            customer: license.customer.name ?? license.customer.id,
            trial: license.trial,
            nonProduction: license.nonProduction,
          }),
    expiresAt: dateOrNull(license?.softEndMs),
    graceEndsAt:
      license !== null && license.softEndMs < license.hardEndMs ? dateOrNull(license.hardEndMs) : null,
    source: state.current?.origin ?? null,
    next:
      state.next === null
        ? null
        : Object.freeze({ id: state.next.license.id, serial: state.next.license.serial }),
    freshness: inputs.fresh ? 'fresh' : 'stale',
    clockOffsetMs: inputs.clockOffsetMs,
    clockRolledBack: state.floor.clockRolledBack,
    persisted: inputs.persisted,
    persistError: inputs.persistError,
    lastRefusal: inputs.lastRefusal,
  } satisfies LicenseStatus);
}

function verdictOf(inputs: StatusInputs): [LicenseState, LicenseReason] {
  const standing = inputs.state.standing();
  if (standing === 'active') return ['active', 'licensed'];
  if (standing === 'grace') return ['grace', 'grace'];
  if (inputs.pending) return ['pending', 'pending'];
  if (standing === 'revoked') return ['revoked', 'revoked'];
  if (standing === 'expired') return ['expired', 'expired'];
  if (inputs.state.next !== null) return ['invalid', 'not-yet-valid'];
  if (inputs.misconfigured) return ['invalid', 'misconfigured'];
  if (!inputs.configured) return ['absent', 'not-configured'];
  switch (inputs.decisiveRefusal) {
    case null:
      return ['absent', 'absent'];
    case 'REVOKED':
      return ['revoked', 'revoked'];
    case 'PRODUCT_MISMATCH':
      return ['invalid', 'wrong-product'];
    case 'DEPLOYMENT_MISMATCH':
      return ['invalid', 'wrong-deployment'];
    case 'EDITION_UNKNOWN':
      return ['invalid', 'unknown-edition'];
    default:
      return ['invalid', 'refused'];
  }
}

function dateOrNull(ms: number | undefined): Date | null {
  return ms === undefined || ms === Infinity ? null : new Date(ms);
}

/** Compared at each word of a license-server, and nearly always the same: so field by field, not as two texts. */
export function isSameToSubscribers(a: LicenseStatus, b: LicenseStatus): boolean {
  const names = Object.keys(b) as (keyof LicenseStatus)[];
  return names.every((name) => isUntold(name) || isSameValue(a[name], b[name]));
}

/** Not the seconds that a server's clock is off, nor what was refused without changing anything. */
function isUntold(name: keyof LicenseStatus): boolean {
  return name === 'clockOffsetMs' || name === 'lastRefusal';
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return isObject(a) && isObject(b) && JSON.stringify(a) === JSON.stringify(b);
}
