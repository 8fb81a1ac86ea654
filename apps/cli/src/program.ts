import { Command, Option } from 'commander';

import { addConformance } from './commands/conformance.js';
import { addEncryptionKey } from './commands/encryption-key.js';
import { addInspect } from './commands/inspect.js';
import { addIssue } from './commands/issue.js';
import { addKeygen } from './commands/keygen.js';
import { addKeys } from './commands/keys.js';
import { addOpen } from './commands/open.js';
import { addRevoke } from './commands/revoke.js';
import { addVerify } from './commands/verify.js';
import type { CliIo } from './io.js';
import type { Report } from './outcome.js';
import { version } from './version.js';

const help = `
How it fits together:
  The vendor signs a license with a private key that stays with the vendor. Apps
  hold the public key and check the signature by themselves. Inside a deployment
  the license travels sealed with an encryption key, so that only services of
  that deployment can read it. The seal hides; the signature grants.

From nothing to a license:
  $ latchkey keygen --out keys
  $ latchkey issue --key keys/vendor.private.pem --customer acme \\
      --product agent-os --edition enterprise --expires 2027-12-31
  $ latchkey inspect license.lic
  $ latchkey verify license.lic --keys keys/vendor.public.jwks.json

Exit codes:
  0  valid, or done
  1  invalid: a file is bad, or the answer is no
  2  wrong use: an unknown option, a bad value, no such file
`;

/** The command line with all its commands, wired to `io`. Commands hand their outcomes to `report`. */
export function createProgram(io: CliIo, report: Report): Command {
  const program = new Command('latchkey')
    .description('Makes keys, issues licenses, and shows what is in them.')
    .version(version)
    .addOption(
      new Option('-o, --output <format>', 'text for people, or one JSON document for programs')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', help)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: () => {}, // run() prints errors, in the form that was asked for
    })
    .allowExcessArguments(false)
    .exitOverride();
  addKeygen(program, report);
  addEncryptionKey(program, report);
  addIssue(program, io, report);
  addInspect(program, io, report);
  addVerify(program, io, report);
  addOpen(program, io, report);
  addKeys(program, io, report);
  addRevoke(program, io, report);
  addConformance(program, io, report);
  return program;
}
