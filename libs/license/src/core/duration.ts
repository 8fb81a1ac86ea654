import { LicenseError } from './errors.js';

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads a duration such as `500ms`, `30s`, `5m`, `1h` or `14d`.
 *
 * @returns milliseconds, a whole number above zero
 * @throws {CONFIGURATION_INVALID} when the text is anything else
 */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim());
  const ms = Number(match?.[1]) * (units[match?.[2] ?? ''] ?? Number.NaN);
  if (!Number.isSafeInteger(ms) || ms <= 0) {
    throw new LicenseError(
      'CONFIGURATION_INVALID',
      `expected a duration such as 30s, 5m, 1h or 14d, found "${text}"`,
    );
  }
  return ms;
}
