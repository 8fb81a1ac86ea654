import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { publicJwk, signRevocation, type SigningKey } from '@latchkey/license/issuing';
import {
  LicenseError,
  TrustedKeyRing,
  verifySignedRevocation,
  type SignedRevocation,
} from '@latchkey/license/protocol';
import type { Command } from 'commander';

import { UsageError } from '../failure.js';
import { readPrivateKey, readRevocationFile, readTrustedKeys } from '../input-files.js';
import type { CliIo } from '../io.js';
import { defaultIssuer } from '../issue-claims.js';
import { addText, parseText } from '../option-values.js';
import { table, type Outcome, type Report } from '../outcome.js';
import { replaceFile } from '../output-files.js';
import { revocationRows, viewRevocation } from '../revocation-view.js';

interface RevokeOptions {
  readonly key: string;
  readonly license: readonly string[];
  readonly after?: string;
  readonly keys?: string;
  readonly issuer?: string;
  readonly out: string;
}

const help = `
A revocation list names the licenses that the vendor took back. The customer's
license-server hands it out with the license, and every service remembers it: also
without a network, after a restart, and when an older list comes by.

One list counts per issuer, the one with the highest serial, and it counts alone:
a license that is not on it is not revoked. So each list carries over the one
before it, given with --after. --out never replaces any other file.

The old list is checked before it is signed again. When another key signed it,
give the public keys with --keys; without --license, that is all that is done.

Examples:
  $ latchkey revoke --key keys/vendor.private.pem --license lic-1 \\
      --out revocations.jwt
  $ latchkey revoke --key keys/vendor.private.pem --license lic-2 lic-3 \\
      --after revocations.jwt --out revocations.jwt
`;

/** `latchkey revoke`: signs a list of the licenses that the vendor took back. */
export function addRevoke(program: Command, io: CliIo, report: Report): void {
  program
    .command('revoke')
    .summary('sign a list of licenses that are taken back')
    .description('Signs a list of the licenses that the vendor took back, and writes it to a file.')
    .requiredOption('--key <pem>', "the vendor's private key, from latchkey keygen")
    .option('--license <id...>', 'id of a license to take back; may be repeated', addText, [])
    .option('--after <file>', 'the list before this one: what is on it stays revoked')
    .option('--keys <file>', 'public keys that check it (default: that of --key): JWK Set or PEM')
    .option('--issuer <name>', `the vendor's name (default: as before, else "${defaultIssuer}")`, parseText)
    .requiredOption('--out <file>', 'where the list goes')
    .addHelpText('after', help)
    .action((options: RevokeOptions) => report(revoke(options, io)));
}

function revoke(options: RevokeOptions, io: CliIo): Outcome {
  const { out, license, after, issuer } = options;
  if (license.length === 0 && after === undefined) {
    throw new UsageError('expected --license with the id of a license, or --after to sign a list again');
  }
  const key = readPrivateKey(options.key, io);
  const before = after === undefined ? null : previousList(after, options.keys, key, io);
  if (before !== null && issuer !== undefined && issuer !== before.issuer) {
    throw new UsageError(
      `--issuer: expected "${before.issuer}", as in the list before, found "${issuer}": lists replace each other within one issuer`,
    );
  }
  assertNothingIsLost(out, after);
  const nowMs = io.clock.wallMs();
  const jws = signRevocation(
    {
      v: 1,
      iss: issuer ?? before?.issuer ?? defaultIssuer,
      iat: Math.floor(nowMs / 1000),
      serial: Math.max(nowMs, (before?.serial ?? 0) + 1),
      revoked: [...new Set([...(before?.revoked ?? []), ...license])],
    },
    key,
  );
  verifySignedRevocation(jws, ownKeys(key));
  const view = viewRevocation(jws, 'valid');
  replaceFile({ path: out, content: `${jws}\n`, mode: 0o644 });
  return {
    ok: true,
    lines: [`Signed ${out}`, ...table(revocationRows(view))],
    json: { file: out, revocation: view },
  };
}

/** Attack: ids slipped into the old list would be signed by the vendor the next time. */
function previousList(path: string, keys: string | undefined, key: SigningKey, io: CliIo): SignedRevocation {
  const trusted = keys === undefined ? ownKeys(key) : readTrustedKeys(keys, io);
  return readRevocationFile(path, trusted, io);
}

function ownKeys(key: SigningKey): TrustedKeyRing {
  return TrustedKeyRing.from({ ...publicJwk(key) });
}

/** A list that replaced one it does not carry over would give revoked licenses back. */
function assertNothingIsLost(out: string, after: string | undefined): void {
  if (!existsSync(out) || (after !== undefined && resolve(after) === resolve(out))) return;
  throw new LicenseError(
    'FILE_NOT_WRITTEN',
    `${out}: already there, and not overwritten: give it with --after, too, or give another --out`,
  );
}
