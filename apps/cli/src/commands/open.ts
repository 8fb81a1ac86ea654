import type { TrustedKeyRing } from '@latchkey/license/protocol';
import type { Command } from 'commander';

import { readEncryptionKeys, readInput, readTrustedKeys } from '../input-files.js';
import type { CliIo } from '../io.js';
import { printable, table, type Outcome, type Report, type Row } from '../outcome.js';
import { openSealedText, type SealedContent } from '../sealed-content.js';
import { licenseStatement, revocationStatement, type Statement } from '../statements.js';
import { isoTime, span } from '../times.js';

interface OpenOptions {
  readonly encryptionKeys: string;
  readonly keys?: string;
}

const help = `
Two things are sealed, and either can be given:
  sealed message  what a license-server sends: the bare text (a compact JWE), or
                  the broadcast or reply around it, as "nats sub --raw" prints
                  it. "server" and "sealed at" are the sender's word
  key file        what an instance keeps, such as ~/.ai-agent-os/license.key.
                  "time floor" is the latest vendor-signed time it has seen; a
                  clock set back behind it gains nothing
That it opens proves that someone of this deployment sealed it. Whether the
vendor signed what is inside is checked with --keys, and only then.

Example:
  $ latchkey open license.key --encryption-keys encryption.keys \\
      --keys keys/vendor.public.jwks.json
`;

/** `latchkey open`: what a sealed message or a key file holds. */
export function addOpen(program: Command, io: CliIo, report: Report): void {
  program
    .command('open')
    .summary('show what a sealed message or a key file holds')
    .description('Opens a sealed message or a key file and shows what it holds.')
    .argument('<file>', 'sealed message (compact JWE, broadcast or reply) or key file')
    .requiredOption('--encryption-keys <file>', "the deployment's encryption keys: kid:key, or JWK Set")
    .option('--keys <file>', "the vendor's public keys, to check signatures: JWK Set or PEM")
    .addHelpText('after', help)
    .action((file: string, options: OpenOptions) => report(open(file, options, io)));
}

function open(file: string, options: OpenOptions, io: CliIo): Outcome {
  const ring = readEncryptionKeys(options.encryptionKeys, io);
  const keys = options.keys === undefined ? null : readTrustedKeys(options.keys, io);
  const content = readInput(file, 'sealed file', io, (text) => openSealedText(text, ring));
  return describe(content, keys, io.clock.wallMs());
}

function describe(found: SealedContent, keys: TrustedKeyRing | null, nowMs: number): Outcome {
  const inside = found.kind === 'sealed message' ? found.envelope : found.content;
  const license = licenseStatement(inside.license, keys, nowMs);
  const revocation = revocationStatement(inside.revocation, keys);
  if (found.kind === 'sealed message') {
    const { server, sealedAtMs } = found.envelope;
    const head: Row[] = [
      ['holds', found.kind],
      ['server', printable(server)],
      ['sealed at', `${isoTime(sealedAtMs)} (${ageText(nowMs - sealedAtMs)})`],
    ];
    const json = { kind: found.kind, server, sealedAt: isoTime(sealedAtMs) };
    return outcome(head, json, { revocation, license });
  }
  const { next, timeFloorMs } = found.content;
  const head: Row[] = [
    ['holds', found.kind],
    ['sealed with', found.kid],
    ['time floor', isoTime(timeFloorMs)],
  ];
  const json = { kind: found.kind, encryptionKeyId: found.kid, timeFloor: isoTime(timeFloorMs) };
  return outcome(head, json, { revocation, license, next: licenseStatement(next ?? null, keys, nowMs) });
}

function outcome(
  head: readonly Row[],
  json: Readonly<Record<string, unknown>>,
  parts: { revocation: Statement; license: Statement; next?: Statement },
): Outcome {
  const { revocation, license, next } = parts;
  const problems = [license, revocation, ...(next === undefined ? [] : [next])].flatMap(
    ({ problem }) => problem ?? [],
  );
  const [first] = problems;
  return {
    ok: first === undefined,
    lines: [
      ...table([...head, ...revocation.rows]),
      '',
      ...table(license.rows),
      ...(next?.json ? ['', 'Kept for later, not valid yet:', ...table(next.rows)] : []),
      ...problems.flatMap(({ code, message }) => ['', `${code}: ${printable(message)}`]),
    ],
    json: {
      ...(first === undefined ? {} : { code: first.code, message: first.message }),
      ...json,
      revocation: revocation.json,
      license: license.json,
      ...(next === undefined ? {} : { next: next.json }),
    },
  };
}

function ageText(ageMs: number): string {
  return ageMs >= 0 ? `${span(ageMs)} ago` : `${span(ageMs)} ahead of this clock`;
}
