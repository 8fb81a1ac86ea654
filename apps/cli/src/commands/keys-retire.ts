import { LicenseError } from '@latchkey/license/protocol';
import type { Command } from 'commander';

import type { EncryptionKeyFile } from '../encryption-key-file.js';
import { UsageError } from '../failure.js';
import type { CliIo } from '../io.js';
import { readKeyFile } from '../key-file.js';
import { keyOf } from '../key-view.js';
import type { Outcome, Report } from '../outcome.js';
import { parseTime } from '../times.js';
import type { VendorKeyFile } from '../vendor-key-file.js';
import { keysOutcome, replaceKeyFile, type KeysChange } from './keys-outcome.js';

interface RetireOptions {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
  readonly remove?: true;
}

const help = `
An encryption key is taken out of the file: what it sealed does not open any more.
The one that seals is not taken out: promote another one first.

A vendor key stays, with an end to its service: what it signed before stands, and
what says that it was issued later is refused. That is no protection against
somebody who has the private key and says what he likes: a key that leaked goes
with --remove, and all that it ever signed goes with it.

An id that begins with a dash, as those made from keys may, stands behind "--":
  latchkey keys retire --file vendor.public.jwks.json -- -KzT8KEzu_xDF54vQz...

Example:
  $ latchkey keys retire 2026-12 --file encryption.keys
`;

/** `latchkey keys retire`: a key ends. */
export function addKeysRetire(keys: Command, io: CliIo, report: Report): void {
  keys
    .command('retire')
    .summary('take an encryption key out, or end the service of a vendor key')
    .description('Takes an encryption key out, or ends the service of a vendor key.')
    .argument('<kid>', 'key id or thumbprint')
    .requiredOption('--file <file>', 'encryption keys, or the JWK Set of a vendor')
    .option(
      '--at <time>',
      'vendor keys: end of its service (default: now); a date means its start, UTC',
      (text) => parseTime(text, 'start of day'),
    )
    .option('--remove', 'take it out: of a vendor key, all that it ever signed is refused then')
    .addHelpText('after', help)
    .action((kid: string, options: RetireOptions) => report(retire(kid, options, io)));
}

function retire(keyId: string, options: RetireOptions, io: CliIo): Outcome {
  const before = readKeyFile(options.file, io);
  if (options.at !== undefined && (options.remove === true || before.kind === 'encryption')) {
    throw new UsageError('--at is for a vendor key that stays in the file, with an end to its service');
  }
  const [after, change] =
    before.kind === 'encryption'
      ? takeOut(before, keyId)
      : options.remove === true
        ? distrust(before, keyId)
        : endService(before, keyId, options.at, io.clock.wallMs());
  replaceKeyFile(options.file, after, io);
  return keysOutcome(options.file, after, change, io);
}

function takeOut(file: EncryptionKeyFile, keyId: string): [EncryptionKeyFile, KeysChange] {
  const { keyId: removed } = keyOf(file.keys, keyId);
  const said = [`Removed ${removed}: what it sealed does not open any more`];
  return [file.without(keyId), { said, json: { removed } }];
}

function distrust(file: VendorKeyFile, keyId: string): [VendorKeyFile, KeysChange] {
  const { keyId: removed } = keyOf(file.keys, keyId);
  const said = [
    `Removed ${removed}. Where this file is used, all that it ever signed is refused:`,
    '- its licenses: issue each of them anew, with another key',
    '- its revocation lists: sign the latest one anew, with latchkey revoke --after',
  ];
  return [file.without(keyId), { said, json: { removed } }];
}

function endService(
  file: VendorKeyFile,
  keyId: string,
  atMs: number | undefined,
  nowMs: number,
): [VendorKeyFile, KeysChange] {
  const { retiredAt: before } = keyOf(file.keys, keyId);
  if (atMs === undefined && before !== null && Date.parse(before) <= nowMs) {
    throw new LicenseError('KEY_REFUSED', `the key is retired since ${before}: --at gives it another end`);
  }
  // Times in documents are whole seconds: what was signed in this one stands.
  const after = file.retired(keyId, atMs ?? (Math.floor(nowMs / 1000) + 1) * 1000);
  const { keyId: retired, retiredAt } = keyOf(after.keys, keyId);
  const said = [
    `Retired ${retired}: what was issued before ${retiredAt} stands, what is issued later is refused`,
  ];
  return [after, { said, json: { retired, retiredAt } }];
}
