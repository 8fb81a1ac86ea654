import { readFileSync } from 'node:fs';

import { openKeyFile, verifySignedLicense, verifySignedRevocation } from '@latchkey/license/protocol';

/**
 * Looks into a key file that holds a license and a revocation list of the same serial.
 *
 * @returns {number} the serial; 0 when there is no file
 * @throws {Error} when it does not open or verify, or the two do not belong together
 */
export function findSerial(path, { ring, keys }) {
  let sealed;
  try {
    sealed = readFileSync(path, 'latin1');
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
  const { content } = openKeyFile(sealed, ring);
  const { serial } = verifySignedLicense(content.license, keys).license;
  const list = verifySignedRevocation(content.revocation, keys);
  if (list.serial !== serial) throw new Error(`license ${serial} beside revocation list ${list.serial}`);
  return serial;
}
