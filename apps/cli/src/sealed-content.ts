import {
  LicenseError,
  openKeyFile,
  openSealedLicense,
  parseBroadcast,
  parseReply,
  subjectsFor,
  type EncryptionKeyRing,
  type KeyFileContent,
  type LicenseEnvelope,
} from '@latchkey/license/protocol';

/** What was found behind a seal. */
export type SealedContent =
  | { readonly kind: 'sealed message'; readonly envelope: LicenseEnvelope }
  | { readonly kind: 'key file'; readonly kid: string; readonly content: KeyFileContent };

const keySubject = '.key';

/**
 * Opens a sealed message or a key file, whichever `text` is: a bare compact JWE, or a broadcast or reply around one.
 *
 * @throws {TOO_LARGE | MALFORMED | HEADER_REFUSED | TYPE_REFUSED | ALGORITHM_REFUSED} it is neither
 * @throws {KEY_UNKNOWN | SEAL_NOT_OPENED | VERSION_UNSUPPORTED} it cannot be opened
 */
export function openSealedText(text: string, keys: EncryptionKeyRing): SealedContent {
  const sealed = sealedIn(text.trim());
  try {
    return { kind: 'sealed message', envelope: openSealedLicense(sealed, keys) };
  } catch (error) {
    if (!(error instanceof LicenseError) || error.code !== 'TYPE_REFUSED') throw error;
    return { kind: 'key file', ...openKeyFile(sealed, keys) };
  }
}

function sealedIn(text: string): string {
  if (!text.startsWith('{')) return text;
  const bytes = Buffer.from(text);
  // A captured message says by itself what it was sent on; the strict readers then hold it to that.
  const { pattern, id } = peek(text);
  if (typeof pattern === 'string' && pattern.endsWith(keySubject)) {
    return parseBroadcast(bytes, subjectsFor(pattern.slice(0, -keySubject.length)));
  }
  if (typeof id === 'string') return parseReply(bytes, id);
  throw new LicenseError(
    'MALFORMED',
    'expected a compact JWE, or a broadcast or reply as it was on the bus, found other JSON',
  );
}

function peek(text: string): { pattern?: unknown; id?: unknown } {
  try {
    return JSON.parse(text) as { pattern?: unknown; id?: unknown };
  } catch {
    // The parser's own message quotes its input.
    throw new LicenseError('MALFORMED', 'expected a compact JWE or JSON, found something else');
  }
}
