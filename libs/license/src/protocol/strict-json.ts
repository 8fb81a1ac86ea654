import { LicenseError } from '../core/errors.js';
import { bounds } from './bounds.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes UTF-8 and refuses what is not. A byte-order mark stays in the text, where JSON refuses it. */
function decodeUtf8(bytes: Uint8Array, what: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new LicenseError('MALFORMED', `${what}: expected UTF-8 text, found other bytes`, { cause });
  }
}

/**
 * Reads JSON that another party may have written to be read differently elsewhere: no duplicate names, no
 * byte-order mark, bounded depth, no integer beyond 2^53 - 1, no lone surrogate.
 *
 * @param what what the text is, for the message
 * @param maxStringLength longest string or name, in code points
 * @throws {MALFORMED} when it is not JSON or breaks one of these rules. The message never quotes the input.
 */
export function parseStrictJson(bytes: Uint8Array, what: string, maxStringLength = Infinity): unknown {
  const text = decodeUtf8(bytes, what);
  const names = countNames(text, what); // before JSON.parse, which recurses: five million brackets take it 1.6 s
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the input, which may be secret.
    throw new LicenseError('MALFORMED', `${what}: expected JSON, found something else`);
  }
  // Attack: {"edition":"community","edition":"enterprise"} reads differently in different parsers.
  if (checkValues(value, what, maxStringLength) !== names) {
    throw new LicenseError('MALFORMED', `${what}: a name occurs twice in one object`);
  }
  return value;
}

/** As {@link parseStrictJson}, and refuses everything but an object. */
export function parseStrictObject(
  bytes: Uint8Array,
  what: string,
  maxStringLength = Infinity,
): Record<string, unknown> {
  const value = parseStrictJson(bytes, what, maxStringLength);
  if (!isObject(value)) throw new LicenseError('MALFORMED', `${what}: expected a JSON object`);
  return value;
}

/** True for a JSON object: not null, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * One pass over the text, strings left out: bounds the depth and counts the names. JSON.parse checks the grammar
 * afterwards, and in what it takes there is one colon for each name.
 *
 * @returns how many names the objects in it have, all together
 */
function countNames(text: string, what: string): number {
  let depth = 0;
  let names = 0;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        i = endOfString(text, i);
        break;
      case 0x3a: // :
        names += 1;
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        if (depth > bounds.jsonDepth) {
          throw new LicenseError('MALFORMED', `${what}: nested deeper than ${bounds.jsonDepth} levels`);
        }
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth -= 1;
        break;
      default:
    }
  }
  return names;
}

/** Where the string ends that begins at `start`: most of a document is one long string, so this looks for its end only. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** True behind an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === 0x5c) first -= 1;
  return (at - first) % 2 === 1;
}

/** @returns how many names the objects in `value` have, all together */
function checkValues(value: unknown, what: string, maxStringLength: number): number {
  let names = 0;
  if (typeof value === 'string') {
    checkString(value, what, maxStringLength);
  } else if (typeof value === 'number') {
    // Attack: 2^53 + 1 reads as 2^53 here and as itself elsewhere; 1e400 reads as Infinity.
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      throw new LicenseError(
        'MALFORMED',
        `${what}: a number is out of the range that every reader keeps exactly`,
      );
    }
  } else if (Array.isArray(value)) {
    for (const item of value) names += checkValues(item, what, maxStringLength);
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      checkString(name, what, maxStringLength);
      names += 1 + checkValues(value[name], what, maxStringLength);
    }
  }
  return names;
}

function checkString(text: string, what: string, maxLength: number): void {
  if (!text.isWellFormed()) throw new LicenseError('MALFORMED', `${what}: a string holds half a character`);
  if (text.length > maxLength && Array.from(text).length > maxLength) {
    throw new LicenseError('MALFORMED', `${what}: a string is longer than ${maxLength} characters`);
  }
}
