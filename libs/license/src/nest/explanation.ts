import type { EditionLadder } from '../core/editions.js';
import { reasonText, type LicenseReason, type LicenseStatus } from '../core/status.js';
import { didYouMean } from './nearest-name.js';
import type { EditionName, FeatureName, LimitName } from './licensed-names.js';

/** What can be asked of {@link LicenseService.explain}: a feature by its name, an edition, or whether so many fit into a limit. */
export type LicenseQuestion =
  | FeatureName
  | {
      /** Is this edition, or one above it, in effect? */
      readonly edition: EditionName;
    }
  | {
      /** Name of the limit. */
      readonly limit: LimitName;
      /** How many there would be. */
      readonly wanted: number;
    };

/**
 * Why something is on or off: the reason of the license status, or
 * - `without-license`: granted to every deployment (the lowest edition, the community limits),
 * - `not-entitled`: the license is fine and does not include it,
 * - `limit-exceeded`: the license is fine and sets a lower limit,
 * - `clock-rolled-back`: the license has not ended by the system clock, but that stands before the last vendor-signed time,
 * - `unknown-name`: the app has no such feature or edition.
 */
export type ExplanationReason =
  | LicenseReason
  | 'without-license'
  | 'not-entitled'
  | 'limit-exceeded'
  | 'clock-rolled-back'
  | 'unknown-name';

/** Why a feature, an edition or a limit is on or off here. Nothing about the customer, ids or dates. */
export interface Explanation {
  /** What `hasFeature`, `hasEdition` or `assertWithinLimit` say at this moment. */
  readonly granted: boolean;
  /** Why. */
  readonly reason: ExplanationReason;
  /** One sentence for people. */
  readonly message: string;
  /** True when the gates of this feature let calls through although it is not granted. */
  readonly advisory: boolean;
}

/** What an explanation is drawn from. */
export interface ExplanationFacts {
  readonly status: LicenseStatus;
  readonly editions: EditionLadder;
  /** The features the app sells, where it says so. */
  readonly features: readonly string[] | null;
  readonly isAdvisory: (feature: string) => boolean;
  /** What the system clock says. */
  readonly wallMs: number;
}

/** Answers a question from the present facts. */
export function explain(question: LicenseQuestion, facts: ExplanationFacts): Explanation {
  if (typeof question === 'string') return aboutFeature(question, facts);
  if ('edition' in question) return aboutEdition(question.edition, facts);
  return aboutLimit(question.limit, question.wanted, facts);
}

function aboutFeature(feature: string, facts: ExplanationFacts): Explanation {
  const { status, features } = facts;
  if (status.features[feature] !== undefined) {
    return granted(`The feature ${feature} is on: the license of this deployment includes it`, status.reason);
  }
  const off = `The feature ${feature} is off`;
  if (features !== null && !features.includes(feature)) return unknown(off, feature, features);
  const advisory = facts.isAdvisory(feature);
  const passes = advisory ? '; its gates let calls through all the same, and count them (advisory mode)' : '';
  if (status.active) {
    const message = `${off}: the license of this deployment does not include it${passes}`;
    return refused(message, 'not-entitled', advisory);
  }
  const { reason, here } = unlicensed(facts);
  return refused(`${off}: ${here}${passes}`, reason, advisory);
}

function aboutEdition(edition: string, facts: ExplanationFacts): Explanation {
  const { status, editions } = facts;
  const off = `The ${edition} edition is off`;
  if (!editions.has(edition)) return unknown(off, edition, editions.names);
  if (edition === editions.lowest) {
    return granted(`The ${edition} edition is on: every deployment has it`, 'without-license');
  }
  if (editions.reaches(status.edition, edition)) {
    return granted(`The ${edition} edition is on: this deployment runs ${status.edition}`, status.reason);
  }
  if (status.active) return refused(`${off}: this deployment runs ${status.edition}`, 'not-entitled');
  const { reason, here } = unlicensed(facts);
  return refused(`${off}: ${here}`, reason);
}

function aboutLimit(name: string, wanted: number, facts: ExplanationFacts): Explanation {
  const { status } = facts;
  const limit = status.limits[name] ?? -1;
  const fits = limit === -1 ? wanted <= Infinity : wanted <= limit;
  if (fits) {
    const why = limit === -1 ? 'there is no limit' : `the limit is ${limit}`;
    return granted(
      `${wanted} ${name} are allowed: ${why}`,
      status.active ? status.reason : 'without-license',
    );
  }
  const tooMany = `${wanted} ${name} are too many: the limit is ${limit}`;
  if (status.active) return refused(`${tooMany} by the license of this deployment`, 'limit-exceeded');
  const { reason, here } = unlicensed(facts);
  return refused(`${tooMany}; ${here}`, reason);
}

/** Why no license is in force. */
function unlicensed({ status, wallMs }: ExplanationFacts): { reason: ExplanationReason; here: string } {
  const { edition, reason } = status;
  const end = status.graceEndsAt ?? status.expiresAt;
  if (reason === 'expired' && status.clockRolledBack && end !== null && wallMs < end.getTime()) {
    const why =
      'the license has ended; the system clock stands before the last time the vendor signed: set it right';
    return { reason: 'clock-rolled-back', here: `this deployment runs ${edition} (${why})` };
  }
  return { reason, here: `this deployment runs ${edition} (${reasonText[reason]})` };
}

function unknown(off: string, name: string, known: readonly string[]): Explanation {
  return refused(`${off}: this app knows no such name${didYouMean(name, known)}`, 'unknown-name');
}

function granted(message: string, reason: ExplanationReason): Explanation {
  return Object.freeze({ granted: true, reason, message: sentence(message), advisory: false });
}

function refused(message: string, reason: ExplanationReason, advisory = false): Explanation {
  return Object.freeze({ granted: false, reason, message: sentence(message), advisory });
}

function sentence(message: string): string {
  return message.endsWith('?') ? message : `${message}.`;
}
