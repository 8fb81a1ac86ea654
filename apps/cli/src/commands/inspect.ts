import { LicenseError } from '@latchkey/license/protocol';
import type { Command } from 'commander';

import { readLicenseFile } from '../input-files.js';
import type { CliIo } from '../io.js';
import { licenseRows, viewLicense } from '../license-view.js';
import { table, type Outcome, type Report } from '../outcome.js';
import { revocationRows, viewRevocation } from '../revocation-view.js';

const help = `
Needs no key and no network, and therefore proves nothing: anyone can write a
file that reads well. Whether the vendor signed it, "latchkey verify" says.

A license ends at "expires". If it has a grace period, services go on until
"grace until", and warn. "key id" names the vendor key said to have signed it.
In a revocation list, "revoked" has the ids of the licenses taken back.

Example:
  $ latchkey inspect license.lic
`;

/** `latchkey inspect`: what a license or a revocation list says, its signature not checked. */
export function addInspect(program: Command, io: CliIo, report: Report): void {
  program
    .command('inspect')
    .summary('show what a license or a revocation list says, its signature not checked')
    .description(
      'Shows what a license or a revocation list says. No key is needed; the signature is not checked.',
    )
    .argument('<file>', 'license file (.lic), or revocation list')
    .addHelpText('after', help)
    .action((file: string) => report(inspect(readLicenseFile(file, io), io.clock.wallMs())));
}

function inspect(jws: string, nowMs: number): Outcome {
  try {
    const view = viewLicense(jws, 'not checked', nowMs);
    return { ok: true, lines: table(licenseRows(view, nowMs)), json: { license: view } };
  } catch (error) {
    if (!(error instanceof LicenseError) || error.code !== 'TYPE_REFUSED') throw error;
    const view = viewRevocation(jws, 'not checked');
    return { ok: true, lines: table(revocationRows(view)), json: { revocation: view } };
  }
}
