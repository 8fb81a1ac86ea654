import { generateEncryptionKey } from '@latchkey/license/issuing';
import { parseEncryptionKeys } from '@latchkey/license/protocol';
import type { Command } from 'commander';

import { parseKeyId } from '../option-values.js';
import type { Report } from '../outcome.js';

const help = `
An encryption key (32 random bytes for AES-256-GCM) belongs to one deployment.
The license-server seals the license with it, and services open it with it;
anyone else on the bus sees noise. It grants nothing, and it is a secret.

The line is an entry of LICENSE_ENCRYPTION_KEYS. Several may stand there: the
first one seals, all of them open; that is how a key is replaced. The key id
(kid) is a name for people and logs; by default it is made from the key.

Example:
  $ latchkey encryption-key --kid 2026-11 > encryption.keys
`;

/** `latchkey encryption-key`: one `kid:key` line, and nothing else on standard output. */
export function addEncryptionKey(program: Command, report: Report): void {
  program
    .command('encryption-key')
    .summary('make the secret that seals licenses inside one deployment')
    .description('Makes an encryption key and prints it as one kid:key line.')
    .option('--kid <name>', 'key id: 1 to 64 letters, digits or . _ -', parseKeyId)
    .addHelpText('after', help)
    .action((options: { kid?: string }) => {
      const entry = generateEncryptionKey(options.kid);
      const { kid } = parseEncryptionKeys(entry).first;
      report({ ok: true, lines: [entry], json: { kid, encryptionKey: entry } });
    });
}
