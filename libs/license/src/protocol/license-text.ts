import { LicenseError } from '../core/errors.js';
import { bounds } from './bounds.js';

const begin = '-----BEGIN LICENSE-----';
const end = '-----END LICENSE-----';
const lineWidth = 64;

/** The file form (`.lic`) of a signed license: the compact JWS between two marker lines, wrapped at 64. */
export function formatLicenseText(jws: string): string {
  const lines = jws.match(new RegExp(`.{1,${lineWidth}}`, 'g')) ?? [];
  return `${[begin, ...lines, end].join('\n')}\n`;
}

/**
 * Takes the compact JWS out of a license file, or out of its bare text. Forgives what mail and editors do:
 * white space, CRLF, a leading byte-order mark, other line lengths. Nothing else.
 *
 * @throws {MALFORMED} empty, cut off, or not a license
 * @throws {TOO_LARGE} above 32 KiB of license
 */
export function parseLicenseText(text: string): string {
  // Twice the size leaves room for markers and line ends, and keeps the work below bounded.
  if (text.length > 2 * bounds.license) {
    throw new LicenseError('TOO_LARGE', `license file: expected at most ${2 * bounds.license} characters`);
  }
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '')
    throw new LicenseError('MALFORMED', 'license file: expected a license, found an empty file');
  const inner = withoutMarkers(trimmed);
  const jws = inner.replace(/\s+/g, '');
  // A marker that is still there has words around it; without its blank it would pass for base64url.
  if (/-----(BEGIN|END) /i.test(inner) || !/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(jws)) {
    throw new LicenseError(
      'MALFORMED',
      `license file: expected "${begin}", three base64url parts joined by dots, "${end}", found something else: use the file exactly as the vendor sent it`,
    );
  }
  if (jws.length > bounds.license) {
    throw new LicenseError(
      'TOO_LARGE',
      `license: expected at most ${bounds.license} bytes, found ${jws.length}`,
    );
  }
  return jws;
}

function withoutMarkers(text: string): string {
  if (!text.startsWith(begin)) return text;
  if (!text.endsWith(end)) {
    throw new LicenseError(
      'MALFORMED',
      `license file: expected "${end}" at its end: the file is cut off, or something follows the license`,
    );
  }
  return text.slice(begin.length, -end.length);
}
