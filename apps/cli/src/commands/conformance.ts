import { basename } from 'node:path';

import type { Command } from 'commander';

import { runVectors, type Failure } from '../conformance/run-vectors.js';
import { parseVectorFile } from '../conformance/vector-file.js';
import { readInput } from '../input-files.js';
import type { CliIo } from '../io.js';
import { printable, type Outcome, type Report } from '../outcome.js';

const help = `
Test vectors are licenses, sealed messages and key files, good and bad, and for
each of them what has to be said to it. With them a program in another language
shows that it takes and refuses what this one does. docs/conformance.md
describes the format.

Example:
  $ latchkey conformance testvectors/decisions.json
`;

/** `latchkey conformance`: whether this program does with test vectors what they say. */
export function addConformance(program: Command, io: CliIo, report: Report): void {
  program
    .command('conformance')
    .summary('run test vectors')
    .description('Runs test vectors, and says which come out otherwise than they should.')
    .argument('<files...>', 'test vectors (testvectors/*.json)')
    .addHelpText('after', help)
    .action((files: readonly string[]) => report(summary(files.map((file) => run(file, io)))));
}

interface Run {
  readonly file: string;
  readonly tests: number;
  readonly valid: number;
  readonly invalid: number;
  readonly failures: readonly Failure[];
}

function run(file: string, io: CliIo): Run {
  const groups = readInput(file, 'test vectors', io, parseVectorFile);
  const results = groups.flatMap((group) => group.tests.map((test) => test.result));
  const valid = results.filter((result) => result === 'valid').length;
  return {
    file: basename(file),
    tests: results.length,
    valid,
    invalid: results.length - valid,
    failures: runVectors(groups),
  };
}

function summary(runs: readonly Run[]): Outcome {
  const tests = runs.reduce((sum, one) => sum + one.tests, 0);
  const failed = runs.reduce((sum, one) => sum + one.failures.length, 0);
  return {
    ok: failed === 0,
    lines: [
      ...runs.flatMap(({ file, failures }) =>
        failures.map(({ tcId, comment, problem }) => printable(`${file} ${tcId} (${comment}): ${problem}`)),
      ),
      ...runs.map(
        ({ file, tests: all, valid, invalid, failures }) =>
          `${printable(file).padEnd(24)}${all - failures.length} of ${all} as expected (${valid} valid, ${invalid} invalid)`,
      ),
      `${tests - failed} of ${tests} tests as expected`,
    ],
    json: { tests, failed, files: runs },
  };
}
