import type { Command } from 'commander';

import { UsageError } from '../failure.js';
import type { CliIo } from '../io.js';
import { readKeyFile } from '../key-file.js';
import type { Outcome, Report } from '../outcome.js';
import { keysOutcome, replaceKeyFile } from './keys-outcome.js';

const help = `
Do this when every server and every instance has the key: who does not have it
cannot read what is sealed with it, and stays with the license it holds.

Example:
  $ latchkey keys promote 2027-01 --file encryption.keys
`;

/** `latchkey keys promote`: another encryption key seals. */
export function addKeysPromote(keys: Command, io: CliIo, report: Report): void {
  keys
    .command('promote')
    .summary('let another encryption key seal')
    .description('Puts an encryption key first: it seals from now on, and the others still open.')
    .argument('<kid>', 'key id or thumbprint')
    .requiredOption('--file <file>', 'encryption keys')
    .addHelpText('after', help)
    .action((kid: string, options: { file: string }) => report(promote(kid, options.file, io)));
}

function promote(keyId: string, path: string, io: CliIo): Outcome {
  const before = readKeyFile(path, io);
  if (before.kind === 'vendor') {
    throw new UsageError(
      'vendor keys have no order, so none can be promoted: the one that signs is given to latchkey issue --key',
    );
  }
  const after = before.promoted(keyId);
  replaceKeyFile(path, after, io);
  const [first] = after.keys;
  const promoted = first?.keyId;
  const said = [`Promoted ${promoted} in ${path}: it seals from now on`];
  return keysOutcome(path, after, { said, json: { promoted } }, io);
}
