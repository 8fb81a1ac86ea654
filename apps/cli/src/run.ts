import { failureOf } from './failure.js';
import type { CliIo } from './io.js';
import { createProgram } from './program.js';

/**
 * Runs one command line, and prints what it has to say; never throws.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0 valid or done, 1 invalid, 2 wrong use
 */
export async function run(argv: readonly string[], io: CliIo): Promise<0 | 1 | 2> {
  let exitCode: 0 | 1 = 0;
  const program = createProgram(io, (outcome) => {
    exitCode = outcome.ok ? 0 : 1;
    if (isJson()) printJson({ ok: outcome.ok, ...outcome.json });
    else io.out(`${outcome.lines.join('\n')}\n`);
  });
  const isJson = (): boolean => program.opts<{ output: string }>().output === 'json';
  const printJson = (document: object): void => io.out(`${JSON.stringify(document, null, 2)}\n`);

  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    const { exitCode: code, ...failure } = failureOf(error);
    if (code === 0) return 0;
    if (isJson()) {
      const { problems, ...rest } = failure;
      printJson({ ok: false, ...rest, ...(problems.length === 0 ? {} : { problems }) });
    } else {
      io.err(`latchkey: ${failure.code === 'USAGE' ? '' : `${failure.code}: `}${failure.message}\n`);
      if (failure.code === 'USAGE') io.err(`Try "${helpFor(argv)}".\n`);
    }
    return code;
  }

  function helpFor(words: readonly string[]): string {
    const command = program.commands.find((one) => words.includes(one.name()));
    return command === undefined ? 'latchkey --help' : `latchkey ${command.name()} --help`;
  }
}
