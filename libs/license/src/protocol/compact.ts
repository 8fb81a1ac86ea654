import { LicenseError } from '../core/errors.js';
import { bounds } from './bounds.js';
import { parseStrictObject } from './strict-json.js';

/**
 * The algorithms a header may name. Each key has one, decided by the key and never by the token (RFC 8725 3.1).
 */
export type SignatureAlgorithm =
  /** RSASSA-PSS with SHA-256 and a salt of 32 bytes: what new keys are for. */
  | 'PS256'
  /** RSASSA-PKCS1-v1_5 with SHA-256, for a key that is marked for it. */
  | 'RS256';

/** Key ids: what a header or a key ring may call a key. */
export const keyIdPattern = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Splits a compact JWS (RFC 7515, 3 parts) or JWE (RFC 7516, 5 parts).
 *
 * @param what what the text is, for the message
 * @throws {TOO_LARGE} above `maxBytes`
 * @throws {MALFORMED} when the number of parts differs
 */
export function splitCompact(text: string, parts: 3 | 5, maxBytes: number, what: string): string[] {
  if (text.length > maxBytes) {
    throw new LicenseError('TOO_LARGE', `${what}: expected at most ${maxBytes} bytes, found ${text.length}`);
  }
  const found = text.split('.', parts + 1);
  if (found.length !== parts) {
    throw new LicenseError('MALFORMED', `${what}: expected ${parts} parts separated by dots`);
  }
  return found;
}

/**
 * Decodes one part, accepting only the one canonical spelling: no padding, no white space, no spare bits. Two
 * spellings of the same bytes would let a changed text pass for the original.
 *
 * @throws {MALFORMED} otherwise
 */
export function decodePart(part: string, what: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) {
    throw new LicenseError('MALFORMED', `${what}: expected canonical base64url`);
  }
  return bytes;
}

/** What a protected header must be, member by member. */
export interface HeaderRule {
  readonly typ: string;
  readonly alg: readonly string[];
  /** Content encryption; absent for signatures. */
  readonly enc?: string;
}

/** A header that passed its rule. */
export interface ProtectedHeader {
  readonly alg: string;
  readonly kid: string;
}

/**
 * Reads a protected header that must consist of exactly the members of its rule. `zip`, `crit`, `b64`, `jwk`,
 * `jku`, `x5u` and everything else that could steer a reader is refused because it is not one of them.
 *
 * @throws {TOO_LARGE | MALFORMED} not a small JSON object
 * @throws {HEADER_REFUSED} a member missing, added or not a string, or a key id outside `[A-Za-z0-9._-]{1,64}`
 * @throws {TYPE_REFUSED} another document type: a sealed message offered as a license, say
 * @throws {ALGORITHM_REFUSED} an algorithm that is not allowed here
 */
export function readHeader(part: string, rule: HeaderRule, what: string): ProtectedHeader {
  if (part.length > bounds.header) {
    throw new LicenseError('TOO_LARGE', `${what}: expected a header of at most ${bounds.header} bytes`);
  }
  const header = parseStrictObject(decodePart(part, `${what} header`), `${what} header`);
  const members = rule.enc === undefined ? ['alg', 'kid', 'typ'] : ['alg', 'enc', 'kid', 'typ'];
  const names = Object.keys(header);
  if (names.length !== members.length || !members.every((member) => names.includes(member))) {
    throw new LicenseError('HEADER_REFUSED', `${what}: expected a header of exactly ${members.join(', ')}`);
  }
  const { alg, enc, kid, typ } = header;
  if (typ !== rule.typ) {
    throw new LicenseError('TYPE_REFUSED', `${what}: expected a document of type ${rule.typ}`);
  }
  if (typeof alg !== 'string' || !rule.alg.includes(alg) || enc !== rule.enc) {
    throw new LicenseError(
      'ALGORITHM_REFUSED',
      `${what}: expected ${rule.alg.join(' or ')}${rule.enc === undefined ? '' : ` with ${rule.enc}`}`,
    );
  }
  if (typeof kid !== 'string' || !keyIdPattern.test(kid)) {
    throw new LicenseError(
      'HEADER_REFUSED',
      `${what}: expected a key id of 1 to 64 letters, digits or . _ -`,
    );
  }
  return { alg, kid };
}

/** Encodes a header or payload part. */
export function encodePart(content: string | Uint8Array): string {
  return Buffer.from(content as Uint8Array).toString('base64url');
}
