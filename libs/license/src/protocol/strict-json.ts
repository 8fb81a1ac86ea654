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
  checkShape(text, what); // before JSON.parse, which recurses: five million brackets take it 1.6 s
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the input, which may be secret.
    throw new LicenseError('MALFORMED', `${what}: expected JSON, found something else`);
  }
  checkValues(value, what, maxStringLength);
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
 * One pass over the tokens: depth and duplicate names. JSON.parse checks the grammar afterwards, so this only
 * has to know where strings and brackets are.
 */
function checkShape(text: string, what: string): void {
  const open: (Set<string> | null)[] = []; // one entry per open bracket: names seen in an object, null for a list
  let names: Set<string> | null = null;
  let nameExpected = false;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x22: {
        const start = i;
        i = endOfString(text, start);
        if (names !== null && nameExpected) {
          const name = decodeName(text.slice(start, i + 1), what);
          // Attack: {"edition":"community","edition":"enterprise"} reads differently in different parsers.
          if (names.has(name))
            throw new LicenseError('MALFORMED', `${what}: a name occurs twice in one object`);
          names.add(name);
          nameExpected = false;
        }
        break;
      }
      case 0x7b: // {
      case 0x5b: // [
        names = text.charCodeAt(i) === 0x7b ? new Set() : null;
        nameExpected = names !== null;
        open.push(names);
        if (open.length > bounds.jsonDepth) {
          throw new LicenseError('MALFORMED', `${what}: nested deeper than ${bounds.jsonDepth} levels`);
        }
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        names = open.at(-1) ?? null;
        nameExpected = false;
        break;
      case 0x2c: // ,
        nameExpected = names !== null;
        break;
      default:
    }
  }
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== 0x22) i += text.charCodeAt(i) === 0x5c ? 2 : 1;
  return i;
}

function decodeName(literal: string, what: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw new LicenseError('MALFORMED', `${what}: expected JSON, found something else`);
  }
}

function checkValues(value: unknown, what: string, maxStringLength: number): void {
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
    for (const item of value) checkValues(item, what, maxStringLength);
  } else if (isObject(value)) {
    for (const name of Object.keys(value)) {
      checkString(name, what, maxStringLength);
      checkValues(value[name], what, maxStringLength);
    }
  }
}

function checkString(text: string, what: string, maxLength: number): void {
  if (!text.isWellFormed()) throw new LicenseError('MALFORMED', `${what}: a string holds half a character`);
  if (text.length > maxLength && Array.from(text).length > maxLength) {
    throw new LicenseError('MALFORMED', `${what}: a string is longer than ${maxLength} characters`);
  }
}
