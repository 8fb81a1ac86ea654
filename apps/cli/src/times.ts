import { InvalidArgumentError } from 'commander';

const bareDate = /^\d{4}-\d{2}-\d{2}$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?$/;
const units: readonly [name: string, ms: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/**
 * Reads a date (`2027-12-31`) or a date-time with a zone (`2027-12-31T18:00:00+02:00`).
 *
 * @param end which end of the day, in UTC, a bare date means: 00:00:00 or 23:59:59
 * @returns milliseconds since 1970
 * @throws {InvalidArgumentError} for everything else, days that no calendar has included
 */
export function parseTime(text: string, end: 'start of day' | 'end of day'): number {
  const isBare = bareDate.test(text);
  const zone = dateTime.exec(text)?.[3];
  if (!isBare && dateTime.test(text) && zone === undefined) {
    throw new InvalidArgumentError(`Expected a time zone at its end: ${text}Z for UTC, or ${text}+02:00.`);
  }
  const time = isBare ? (end === 'end of day' ? 'T23:59:59Z' : 'T00:00:00Z') : '';
  const ms = zone === undefined && !isBare ? Number.NaN : Date.parse(text + time);
  // Date.parse takes February 30th for March 2nd.
  const day = text.slice(0, 10);
  if (Number.isNaN(ms) || isoTime(Date.parse(`${day}T00:00:00Z`)).slice(0, 10) !== day) {
    throw new InvalidArgumentError('Expected a date such as 2027-12-31, or 2027-12-31T18:00:00Z.');
  }
  return ms;
}

/** `2027-12-31T23:59:59Z`: ISO 8601 in UTC, to the second. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A length of time in its largest whole unit: `403 days`, `1 hour`, `0 seconds`. */
export function span(ms: number): string {
  const [name, unitMs] = units.find((unit) => Math.abs(ms) >= unit[1]) ?? ['second', 1000];
  const count = Math.floor(Math.abs(ms) / unitMs);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
