import { EncryptionKeyFile } from './encryption-key-file.js';
import { readInput } from './input-files.js';
import type { CliIo } from './io.js';
import { VendorKeyFile } from './vendor-key-file.js';

/** A ring of keys as it stands in a file: a deployment's encryption keys, or a vendor's public keys. */
export type KeyFile = EncryptionKeyFile | VendorKeyFile;

/**
 * Reads either kind of key file, whichever `path` holds.
 *
 * @throws {KEY_REFUSED | MALFORMED} when servers and instances would refuse it, or as {@link readInput}
 */
export function readKeyFile(path: string, io: CliIo): KeyFile {
  return readInput<KeyFile>(path, 'key file', io, (text) =>
    looksLikeVendorKeys(text) ? VendorKeyFile.parse(text) : EncryptionKeyFile.parse(text),
  );
}

/** Only chooses the parser, which then judges. */
function looksLikeVendorKeys(text: string): boolean {
  return text.includes('-----BEGIN ') || /"kty"\s*:\s*"RSA"/.test(text);
}
