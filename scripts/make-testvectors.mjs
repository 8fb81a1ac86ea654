// node scripts/make-testvectors.mjs [DIR]: makes testvectors/*.json anew, or the same files in DIR. Every run makes
// fresh keys, signs with them, and forgets the private ones: only what it writes is left. Needs no build.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { decisions } from './vectors/decisions.mjs';
import { licenseClaims } from './vectors/license-claims.mjs';
import { licenseText } from './vectors/license-text.mjs';
import { revocationList } from './vectors/revocation-list.mjs';
import { sealedLicense } from './vectors/sealed-license.mjs';
import { signedLicense } from './vectors/signed-license.mjs';
import { freshVendors } from './vectors/vendor.mjs';

const directory = process.argv[2] ?? fileURLToPath(new URL('../testvectors', import.meta.url));
mkdirSync(directory, { recursive: true });

const vendors = freshVendors();
for (const [name, make] of Object.entries({
  'signed-license': signedLicense,
  'license-claims': licenseClaims,
  'revocation-list': revocationList,
  'sealed-license': sealedLicense,
  'license-text': licenseText,
  decisions,
})) {
  const text = make(vendors).toString();
  writeFileSync(join(directory, `${name}.json`), text);
  const { numberOfTests } = JSON.parse(text);
  console.log(`${name}.json: ${numberOfTests} tests, ${Math.ceil(text.length / 1024)} KiB`);
}
