import { LicenseError } from '../core/errors.js';
import { bounds } from './bounds.js';
import { isObject, parseStrictObject } from './strict-json.js';

/** Default of `LICENSE_SUBJECT_PREFIX`. One prefix is one product in one deployment. */
export const defaultSubjectPrefix = 'license';

/** The NATS names that follow from a prefix. */
export interface Subjects {
  /** Broadcasts of the license. */
  readonly key: string;
  /** Requests for it. */
  readonly request: string;
  /** The queue group in which license-servers share requests. */
  readonly queue: string;
  /** The JetStream stream that may keep the last broadcast. */
  readonly stream: string;
  /** Where that broadcast is asked for. */
  readonly retained: string;
}

/**
 * The subjects and the queue group of a prefix (protocol section 3).
 *
 * @param prefix letters, digits, `_` and `-`, in parts joined by dots
 * @throws {CONFIGURATION_INVALID} otherwise: a wildcard there would listen to other deployments
 */
export function subjectsFor(prefix: string): Subjects {
  if (!/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(prefix) || prefix.length > 128) {
    throw new LicenseError(
      'CONFIGURATION_INVALID',
      `LICENSE_SUBJECT_PREFIX: expected letters, digits, "_", "-" and dots between, found "${prefix}"`,
    );
  }
  const key = `${prefix}.key`;
  const stream = prefix.toUpperCase().replaceAll('.', '_'); // a stream name has no dots
  return Object.freeze({
    key,
    request: `${key}.request`,
    queue: `${prefix}-servers`,
    stream,
    retained: `$JS.API.DIRECT.GET.${stream}.${key}`,
  });
}

/** What travels inside a broadcast or a reply. */
export interface SealedMessage {
  /** Version of the packet. */
  readonly v: 1;
  /** The sealed license, a compact JWE. */
  readonly sealed: string;
}

/** The payload of a request for the license. */
export interface LicenseRequest {
  /** Version of the packet. */
  readonly v: 1;
}

/** Wraps a sealed license for `license.key` or for a reply. */
export function sealedMessage(sealed: string): SealedMessage {
  return { v: 1, sealed };
}

/**
 * The text of a request, as Nest's own client would send it.
 *
 * @param id 1 to 128 characters, at random: the reply repeats it
 */
export function encodeRequest(subjects: Subjects, id: string): string {
  return JSON.stringify({ pattern: subjects.request, data: { v: 1 } satisfies LicenseRequest, id });
}

/**
 * Reads a broadcast as Nest's NATS transport sends events.
 *
 * @returns the sealed license, unopened
 * @throws {TOO_LARGE | MALFORMED} when it is anything else
 */
export function parseBroadcast(bytes: Uint8Array, subjects: Subjects): string {
  const packet = parsePacket(bytes, 'broadcast');
  if (packet['pattern'] !== subjects.key) {
    throw new LicenseError('MALFORMED', `broadcast: expected the pattern ${subjects.key}`);
  }
  return sealedOf(packet['data'], 'broadcast');
}

/**
 * Reads a reply to the request with this id as Nest's NATS transport sends them.
 *
 * @returns the sealed license, unopened
 * @throws {TOO_LARGE | MALFORMED} when it is anything else
 */
export function parseReply(bytes: Uint8Array, id: string): string {
  const packet = parsePacket(bytes, 'reply');
  if (packet['id'] !== id) throw new LicenseError('MALFORMED', 'reply: expected the id of the request');
  return sealedOf(packet['response'], 'reply');
}

function parsePacket(bytes: Uint8Array, what: string): Record<string, unknown> {
  if (bytes.length > bounds.message) {
    throw new LicenseError(
      'TOO_LARGE',
      `${what}: expected at most ${bounds.message} bytes, found ${bytes.length}`,
    );
  }
  return parseStrictObject(bytes, what);
}

function sealedOf(data: unknown, what: string): string {
  if (!isObject(data) || data['v'] !== 1 || typeof data['sealed'] !== 'string') {
    throw new LicenseError('MALFORMED', `${what}: expected { "v": 1, "sealed": "<JWE>" }`);
  }
  return data['sealed'];
}
