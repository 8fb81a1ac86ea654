import type { Command } from 'commander';

import type { EncryptionKeyFile } from '../encryption-key-file.js';
import { UsageError } from '../failure.js';
import { readInput } from '../input-files.js';
import type { CliIo } from '../io.js';
import { readKeyFile } from '../key-file.js';
import { parseKeyId } from '../option-values.js';
import type { Outcome, Report } from '../outcome.js';
import { parseTime } from '../times.js';
import type { VendorKeyFile } from '../vendor-key-file.js';
import { keysOutcome, replaceKeyFile } from './keys-outcome.js';

interface AddOptions {
  readonly file: string;
  readonly kid?: string;
  readonly public?: string;
  /** Milliseconds since 1970. */
  readonly notBefore?: number;
}

const help = `
To encryption keys a fresh one is added, at the end: it opens, and does not seal
before it is promoted. To vendor keys those of --public are added; what they sign
counts when it was issued from --not-before on.

Examples:
  $ latchkey keys add --file encryption.keys --kid 2027-01
  $ latchkey keygen --out next
  $ latchkey keys add --file keys/vendor.public.jwks.json \\
      --public next/vendor.public.jwks.json
`;

/** `latchkey keys add`: one more key, which changes nothing for those that are there. */
export function addKeysAdd(keys: Command, io: CliIo, report: Report): void {
  keys
    .command('add')
    .summary('add a fresh encryption key, or public keys of a vendor')
    .description('Adds a fresh encryption key, or public keys of a vendor.')
    .requiredOption('--file <file>', 'encryption keys, or the JWK Set of a vendor')
    .option('--kid <name>', 'encryption keys: id of the fresh key (default: made from the key)', parseKeyId)
    .option('--public <file>', 'vendor keys: the public keys to add, JWK Set or PEM')
    .option(
      '--not-before <time>',
      'vendor keys: in service from then on; a date means its start, UTC',
      (text) => parseTime(text, 'start of day'),
    )
    .addHelpText('after', help)
    .action((options: AddOptions) => report(add(options, io)));
}

function add(options: AddOptions, io: CliIo): Outcome {
  const before = readKeyFile(options.file, io);
  const after =
    before.kind === 'encryption' ? withFreshKey(before, options) : withPublicKeys(before, options, io);
  const added = after.keys.slice(before.keys.length).map(({ keyId }) => keyId);
  replaceKeyFile(options.file, after, io);
  const effect =
    after.kind === 'encryption'
      ? 'opens from now on, and seals once it is promoted'
      : 'checks what is signed with it';
  const said = [`Added ${added.join(', ')} to ${options.file}: ${effect}`];
  return keysOutcome(options.file, after, { said, json: { added } }, io);
}

function withFreshKey(file: EncryptionKeyFile, options: AddOptions): EncryptionKeyFile {
  if (options.public !== undefined || options.notBefore !== undefined) {
    throw new UsageError(
      `--public and --not-before are for vendor keys, and ${options.file} has encryption keys`,
    );
  }
  return file.withFresh(options.kid);
}

function withPublicKeys(file: VendorKeyFile, options: AddOptions, io: CliIo): VendorKeyFile {
  if (options.kid !== undefined) {
    throw new UsageError('--kid is for encryption keys: a vendor key keeps the id that it signs with');
  }
  if (options.public === undefined) {
    throw new UsageError(`${options.file} has vendor keys: give the one to add with --public`);
  }
  return readInput(options.public, 'public keys', io, (text) => file.with(text, options.notBefore));
}
