import { standingOf, type License } from './license.js';

const dayMs = 24 * 60 * 60 * 1000;
/** Days before the soft end at which people are told, the nearest first. */
const daysAhead = [1, 7, 30];

/** What was said about the coming end of a license; given back when it is asked again. */
export interface ExpiryWarning {
  /** One sentence for the log. Names no customer. */
  readonly message: string;
  /** The license it is about (`jti`). */
  readonly licenseId: string;
  /** What made it due, in days before the soft end: 30, 7 or 1; then 0, -1, -2, … for each day of grace. */
  readonly dueDays: number;
  /** On the monotonic clock. */
  readonly saidAtMs: number;
}

/**
 * Decides whether it is time to say that a license ends: 30, 7 and 1 day before its soft end, then daily until the
 * hard one. At most one warning a day for each license, however the wall clock jumps, but for the first of the grace
 * period, which is never put off. Pure: whoever says it keeps what was said.
 *
 * @param nowMs what the license is judged by, in milliseconds since 1970
 * @param monotonicMs the monotonic clock
 * @param last what this process said last; null before anything
 * @returns what to say now; null for nothing
 */
export function expiryWarning(
  license: License,
  nowMs: number,
  monotonicMs: number,
  last: ExpiryWarning | null,
): ExpiryWarning | null {
  const standing = standingOf(license, nowMs);
  if (standing === 'not-yet-valid' || standing === 'expired') return null;
  const dueDays = dueDaysOf(license.softEndMs - nowMs);
  if (dueDays === undefined) return null;
  if (last?.licenseId === license.id) {
    const graceBegins = dueDays <= 0 && last.dueDays > 0;
    if (dueDays === last.dueDays || (!graceBegins && monotonicMs - last.saidAtMs < dayMs)) return null;
  }
  const message = messageOf(license, nowMs);
  return Object.freeze({ message, licenseId: license.id, dueDays, saidAtMs: monotonicMs });
}

function dueDaysOf(leftMs: number): number | undefined {
  return leftMs > 0 ? daysAhead.find((days) => leftMs <= days * dayMs) : Math.ceil(leftMs / dayMs);
}

function messageOf({ id, softEndMs, hardEndMs }: License, nowMs: number): string {
  const hardEnd = new Date(hardEndMs).toISOString();
  if (nowMs >= softEndMs) {
    return `license ${id} has ended and is in its grace period, with ${inDays(hardEndMs - nowMs)} left: install its renewal before ${hardEnd}, or services run without a license from then on`;
  }
  const softEnd = new Date(softEndMs).toISOString();
  return `license ${id} ends in ${inDays(softEndMs - nowMs)}, at ${softEnd}: install its renewal, or services run without a license from ${hardEnd} on`;
}

function inDays(ms: number): string {
  const days = Math.round(ms / dayMs);
  return days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`;
}
