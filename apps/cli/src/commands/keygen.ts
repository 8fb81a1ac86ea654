import { join } from 'node:path';

import { exportSigningKey, generateSigningKey, publicJwk } from '@latchkey/license/issuing';
import type { Command } from 'commander';

import { parseWholeNumber } from '../option-values.js';
import { table, type Outcome, type Report } from '../outcome.js';
import { assertNothingThere, makeDirectory, writeNewFiles } from '../output-files.js';

const help = `
Two files are written, and existing ones are never touched:
  vendor.private.pem       signs licenses. Whoever has it can issue them: keep
                           it off every server (mode 0600)
  vendor.public.jwks.json  checks them. Pin it in the app, and give it to the
                           license-server; it is no secret
Both carry the same key id, made from the key (its RFC 7638 thumbprint).
Licenses are signed with PS256.

Example:
  $ latchkey keygen --out keys
`;

/** `latchkey keygen`: a vendor's key pair in two new files. */
export function addKeygen(program: Command, report: Report): void {
  program
    .command('keygen')
    .summary("make a vendor's key pair for signing licenses")
    .description(
      "Makes a vendor's RSA key pair: the private half signs licenses, the public half checks them.",
    )
    .requiredOption('--out <dir>', 'directory for the two files; made when missing')
    .option('--bits <n>', 'size of the RSA key, 2048 to 8192', parseWholeNumber(2048, 8192), 3072)
    .addHelpText('after', help)
    .action(async (options: { out: string; bits: number }) => report(await keygen(options)));
}

async function keygen({ out, bits }: { out: string; bits: number }): Promise<Outcome> {
  const privateKeyFile = join(out, 'vendor.private.pem');
  const publicKeysFile = join(out, 'vendor.public.jwks.json');
  // Looked at before the work, which takes seconds; writing looks again.
  assertNothingThere([privateKeyFile, publicKeysFile]);
  const key = await generateSigningKey(bits);
  makeDirectory(out);
  writeNewFiles([
    { path: privateKeyFile, content: exportSigningKey(key), mode: 0o600 },
    {
      path: publicKeysFile,
      content: `${JSON.stringify({ keys: [publicJwk(key)] }, null, 2)}\n`,
      mode: 0o644,
    },
  ]);
  return {
    ok: true,
    lines: table([
      ['key id', key.kid],
      ['algorithm', `${key.alg}, RSA ${bits}`],
      ['private key', `${privateKeyFile} (keep it secret: it issues licenses)`],
      ['public key', `${publicKeysFile} (pin it in the app, give it to the license-server)`],
    ]),
    json: { keyId: key.kid, algorithm: key.alg, bits, privateKeyFile, publicKeysFile },
  };
}
