import {
  LicenseError,
  verifySignedLicense,
  verifySignedRevocation,
  type TrustedKeyRing,
} from '@latchkey/license/protocol';
import type { Command } from 'commander';

import { readLicenseFile, readTrustedKeys } from '../input-files.js';
import type { CliIo } from '../io.js';
import { licenseRows, viewLicense } from '../license-view.js';
import { parseText } from '../option-values.js';
import { printable, table, type Outcome, type Report, type Row } from '../outcome.js';
import { revocationRows, viewRevocation } from '../revocation-view.js';
import { isoTime, parseTime } from '../times.js';
import { judge, type Conditions } from '../verdict.js';

interface VerifyOptions {
  readonly keys: string;
  readonly product?: string;
  readonly deployment?: string;
  readonly at?: number;
}

const help = `
The question is: would a service with these public keys, in this place, at this
time, be licensed by this file? The verdict is the first thing that is wrong, in
the order in which a service looks:
  KEY_UNKNOWN          signed with a key that is not among --keys
  SIGNATURE_INVALID    not what the vendor signed, or changed since
  KEY_NOT_IN_SERVICE   issued before that key may sign, or after it was retired
  PRODUCT_MISMATCH     for another product than --product
  DEPLOYMENT_MISMATCH  bound to deployments, and --deployment is none of them
  NOT_YET_VALID        too early
  EXPIRED              too late
  GRACE                in its grace period: still licensed (exit code 0)
  VALID                licensed
Revocation lists, and the license a service may already hold, are not looked at.
A revocation list can be verified, too: VALID when the vendor signed it.

Example:
  $ latchkey verify license.lic --keys keys/vendor.public.jwks.json \\
      --product agent-os --at 2027-06-01
`;

/** `latchkey verify`: whether a service would be licensed by a file. */
export function addVerify(program: Command, io: CliIo, report: Report): void {
  program
    .command('verify')
    .summary('say whether a service would be licensed by a license')
    .description('Checks signature, product, deployment and dates of a license file, and says the verdict.')
    .argument('<file>', 'license file (.lic), or revocation list')
    .requiredOption('--keys <file>', "the vendor's public keys: JWK Set or PEM")
    .option(
      '--product <name>',
      'product of the service (default: $LICENSE_PRODUCT, else not checked)',
      parseText,
    )
    .option('--deployment <id>', 'deployment the service runs in', parseText)
    .option('--at <time>', 'time to judge by: 2027-06-01 (its start, UTC) or 2027-06-01T18:00:00Z', (text) =>
      parseTime(text, 'start of day'),
    )
    .addHelpText('after', help)
    .action((file: string, options: VerifyOptions) => report(verify(file, options, io)));
}

function verify(file: string, options: VerifyOptions, io: CliIo): Outcome {
  const keys = readTrustedKeys(options.keys, io);
  const atMs = options.at ?? io.clock.wallMs();
  const product = options.product ?? (io.env['LICENSE_PRODUCT'] || undefined);
  try {
    return judgeDocument(readLicenseFile(file, io), keys, { product, deployment: options.deployment, atMs });
  } catch (error) {
    if (!(error instanceof LicenseError) || error.code.startsWith('FILE_')) throw error;
    const { code, message } = error;
    return {
      ok: false,
      lines: [`${code}: ${printable(message)}`],
      json: { code, message, at: isoTime(atMs) },
    };
  }
}

function judgeDocument(jws: string, keys: TrustedKeyRing, conditions: Conditions): Outcome {
  const { atMs } = conditions;
  try {
    const { licensed, code, message } = judge(verifySignedLicense(jws, keys).license, conditions);
    const view = viewLicense(jws, 'valid', atMs);
    const rows: Row[] = [['judged at', isoTime(atMs)], ...licenseRows(view, atMs)];
    return {
      ok: licensed,
      lines: [`${code}: ${printable(message)}`, ...table(rows)],
      json: { code, message, at: isoTime(atMs), license: view },
    };
  } catch (error) {
    if (!(error instanceof LicenseError) || error.code !== 'TYPE_REFUSED') throw error;
    return judgeRevocation(jws, keys);
  }
}

/** A revocation list has no dates and no product: the signature is all. */
function judgeRevocation(jws: string, keys: TrustedKeyRing): Outcome {
  verifySignedRevocation(jws, keys);
  const view = viewRevocation(jws, 'valid');
  const code = 'VALID';
  const message = 'the vendor signed this revocation list';
  return {
    ok: true,
    lines: [`${code}: ${message}`, ...table(revocationRows(view))],
    json: { code, message, revocation: view },
  };
}
