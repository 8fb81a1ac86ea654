import { publicJwk, signLicense, type LicenseClaims } from '@latchkey/license/issuing';
import { formatLicenseText, TrustedKeyRing, verifySignedLicense } from '@latchkey/license/protocol';
import type { Command } from 'commander';

import { readClaimsFile } from '../claims-file.js';
import { readLicenseFile, readPrivateKey } from '../input-files.js';
import type { CliIo } from '../io.js';
import { composeClaims, defaultIssuer, type ClaimOptions } from '../issue-claims.js';
import { licenseRows, viewLicense } from '../license-view.js';
import {
  addFeature,
  addLimit,
  addText,
  parseSeconds,
  parseText,
  parseWholeNumber,
} from '../option-values.js';
import { table, type Outcome, type Report } from '../outcome.js';
import { assertLicenseMayGo, replaceFile } from '../output-files.js';
import { serialFor } from '../serial.js';
import { parseTime } from '../times.js';

interface IssueOptions extends ClaimOptions {
  readonly key: string;
  readonly out: string;
  readonly claims?: string;
  readonly after?: string;
  readonly force?: true;
}

const help = `
What the terms mean:
  edition     what the customer bought, on the ladder community < professional <
              enterprise < flagship, or on the app's own
  feature     a name the app asks for: on (workflow), or with a number or a text
              (seats=5, tier=gold)
  limit       a name the app counts, and the most of it: users=500. Without such
              a limit, or with -1, there is no bound
  deployment  an installation at the customer. A license that lists some is good
              in these only
  expires     the end. A date means the end of that day in UTC; a date-time
              needs a zone. Services stop then; with --grace 14d they go on for
              14 days more, and warn
  serial      of one issuer and product, services keep the license with the
              highest serial. By default it is the clock in milliseconds, so
              what is issued later replaces what was issued earlier
  issuer      the vendor's name. Choose one and keep it: serials are compared
              within it

Example:
  $ latchkey issue --key keys/vendor.private.pem --customer acme \\
      --product agent-os --edition enterprise --expires 2027-12-31 --grace 14d \\
      --feature workflow --limit users=500 --out license.lic

A claims file (JSON or YAML) has the names of the protocol and times in seconds:
  { "sub": "acme", "aud": "agent-os", "edition": "enterprise",
    "exp": 1830297599, "features": { "workflow": true } }
Options win over it: features and limits name by name, the rest as a whole. What
nobody gives of v, iss, jti, iat and serial is filled in.
`;

/** `latchkey issue`: signs a license and writes it to a file. */
export function addIssue(program: Command, io: CliIo, report: Report): void {
  program
    .command('issue')
    .summary('sign a license for a customer')
    .description('Signs a license for a customer, writes it to a file and shows it.')
    .requiredOption('--key <pem>', "the vendor's private key, from latchkey keygen")
    .option('--customer <id>', 'customer id', parseText)
    .option('--customer-name <name>', 'customer name, for people', parseText)
    .option('--product <name>', 'product the license is for, as the app names itself', parseText)
    .option('--edition <name>', 'edition, such as enterprise', parseText)
    .option('--expires <date>', 'end of the license: 2027-12-31, or 2027-12-31T18:00:00Z', (text) =>
      parseTime(text, 'end of day'),
    )
    .option('--grace <duration>', 'time after --expires in which services go on and warn: 14d', parseSeconds)
    .option('--perpetual', 'a license without end, instead of --expires')
    .option('--not-before <date>', 'start of the license; a date means the start of that day, UTC', (text) =>
      parseTime(text, 'start of day'),
    )
    .option('--feature <name[=value]>', 'licensed feature; may be repeated', addFeature)
    .option('--limit <name=number>', 'limit, -1 for unlimited; may be repeated', addLimit)
    .option('--deployment <id>', 'deployment it may run in, instead of any; may be repeated', addText)
    .option('--trial', 'mark it as a trial (shown, decides nothing)')
    .option('--non-production', 'mark it as not for production (shown, decides nothing)')
    .option('--issuer <name>', `the vendor's name (default: "${defaultIssuer}")`, parseText)
    .option('--id <id>', 'license id (default: a random UUID)', parseText)
    .option('--serial <n>', 'serial (default: clock in ms)', parseWholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--after <file>', 'license that this one follows: the serial goes above its serial')
    .option('--claims <file>', 'claims from a file, JSON or YAML')
    .option('--out <file>', 'file to write', 'license.lic')
    .option('--force', 'replace an older license at --out; allow a serial far ahead of the clock')
    .addHelpText('after', help)
    .action((options: IssueOptions) => report(issue(options, io)));
}

function issue(options: IssueOptions, io: CliIo): Outcome {
  const nowMs = io.clock.wallMs();
  const force = options.force ?? false;
  const file = options.claims === undefined ? {} : readClaimsFile(options.claims, io);
  const claims = composeClaims(file, options, nowMs);
  const serial = serialFor(claims, {
    wanted: options.serial ?? file['serial'],
    after: options.after === undefined ? undefined : readLicenseFile(options.after, io),
    force,
    nowMs,
  });
  const key = readPrivateKey(options.key, io);
  assertLicenseMayGo(options.out, force);
  // signLicense checks the claims, all of them, as a reader does.
  const jws = signLicense({ ...claims, serial } as unknown as LicenseClaims, key);
  verifySignedLicense(jws, TrustedKeyRing.from({ ...publicJwk(key) }));
  const view = viewLicense(jws, 'valid', nowMs);
  replaceFile({ path: options.out, content: formatLicenseText(jws), mode: 0o644 });
  return {
    ok: true,
    lines: [`Issued ${options.out}`, ...table(licenseRows(view, nowMs))],
    json: { file: options.out, license: view },
  };
}
