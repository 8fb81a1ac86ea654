import type { Command } from 'commander';

import type { CliIo } from '../io.js';
import { readKeyFile } from '../key-file.js';
import type { Report } from '../outcome.js';
import { addKeysAdd } from './keys-add.js';
import { keysOutcome } from './keys-outcome.js';
import { addKeysPromote } from './keys-promote.js';
import { addKeysRetire } from './keys-retire.js';

const help = `
Two rings of keys, told apart by what is in the file:
  encryption keys  of a deployment (kid:key lines, or a JWK Set of "oct" keys).
                   The first one seals, all of them open. Replaced in three
                   steps, each brought to every server and instance before the
                   next one: add, promote, retire
  vendor keys      the public keys of a vendor (a JWK Set of "RSA" keys). Each
                   vouches for what it signed while it was in service

A file is replaced as a whole: a reader sees the old one or the new one. It keeps
its owner and its mode, but encryption keys that every user of the machine could
read get mode 0600. docs/key-rotation.md goes through it step by step.

Examples:
  $ latchkey keys list --file encryption.keys
  $ latchkey keys add --file encryption.keys --kid 2026-12
  $ latchkey keys promote 2026-12 --file encryption.keys
  $ latchkey keys retire 2026-11 --file encryption.keys
`;

/** `latchkey keys`: shows and changes the rings of keys. */
export function addKeys(program: Command, io: CliIo, report: Report): void {
  const keys = program
    .command('keys')
    .summary('list, add, promote and retire the keys in a file')
    .description('Shows and changes the encryption keys of a deployment, or the public keys of a vendor.')
    .addHelpText('after', help);
  keys
    .command('list')
    .summary('show the keys in a file')
    .description('Shows the keys in a file, never the value of one.')
    .requiredOption('--file <file>', 'encryption keys, or the JWK Set of a vendor')
    .action((options: { file: string }) => {
      const file = readKeyFile(options.file, io);
      report(keysOutcome(options.file, file, { said: [`${options.file}: ${file.kind} keys`] }, io));
    });
  addKeysAdd(keys, io, report);
  addKeysPromote(keys, io, report);
  addKeysRetire(keys, io, report);
}
