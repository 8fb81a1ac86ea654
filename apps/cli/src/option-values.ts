import { LicenseError, parseDuration, type FeatureValue } from '@latchkey/license/protocol';
import { InvalidArgumentError } from 'commander';

// Readers of option values: what they throw, commander reports with the name of the option.

/** A non-empty text: an empty one is most often a shell variable that is not set. */
export function parseText(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected some text, found none.');
  return text;
}

/** A key id, as rings and headers may call a key. */
export function parseKeyId(text: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 64 letters, digits or . _ -.');
}

/** A whole number from `min` to `max`, in decimal digits. */
export function parseWholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** A length of time in whole seconds: `14d`, `36h`. @returns seconds */
export function parseSeconds(text: string): number {
  try {
    const seconds = parseDuration(text) / 1000;
    if (!Number.isInteger(seconds)) throw new InvalidArgumentError('Expected whole seconds.');
    return seconds;
  } catch (error) {
    if (!(error instanceof LicenseError)) throw error;
    throw new InvalidArgumentError('Expected a length of time such as 14d or 36h.');
  }
}

/** Adds one `NAME[=VALUE]` to the features given before. */
export function addFeature(
  text: string,
  before: ReadonlyMap<string, FeatureValue> = new Map(),
): ReadonlyMap<string, FeatureValue> {
  const { name, value } = splitEntry(text, before);
  return new Map([...before, [name, value === undefined ? true : featureValue(value)]]);
}

/** Adds one `NAME=NUMBER` to the limits given before. */
export function addLimit(
  text: string,
  before: ReadonlyMap<string, number> = new Map(),
): ReadonlyMap<string, number> {
  const { name, value = '' } = splitEntry(text, before);
  return new Map([...before, [name, parseWholeNumber(-1, Number.MAX_SAFE_INTEGER)(value)]]);
}

/** Adds one text to those given before. */
export function addText(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, parseText(text)];
}

function splitEntry(text: string, before: ReadonlyMap<string, unknown>): { name: string; value?: string } {
  const equals = text.indexOf('=');
  const name = equals === -1 ? text : text.slice(0, equals);
  if (name === '') throw new InvalidArgumentError('Expected a name in front of "=".');
  if (before.has(name)) throw new InvalidArgumentError(`"${name}" is given twice.`);
  return equals === -1 ? { name } : { name, value: text.slice(equals + 1) };
}

function featureValue(text: string): FeatureValue {
  if (text === 'true') return true;
  if (text === '' || text === 'false') {
    throw new InvalidArgumentError(
      'Expected true, a number or a text; leave out a feature that is not licensed.',
    );
  }
  if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(text)) return text;
  const value = Number(text);
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value;
  throw new InvalidArgumentError('The number is out of the range that every reader keeps exactly.');
}
