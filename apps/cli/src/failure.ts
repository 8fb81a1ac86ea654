import { LicenseError } from '@latchkey/license/protocol';
import { CommanderError } from 'commander';

import { printable } from './outcome.js';

/** Wrong use of the command line that only shows when options are looked at together. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Why a command ended without an outcome. */
export interface Failure {
  /** 0 when only help or the version was asked for, 1 for bad files, 2 for wrong use. */
  readonly exitCode: 0 | 1 | 2;
  /** A `LicenseErrorCode`, `USAGE`, or `UNEXPECTED`: a bug, or a machine in trouble. */
  readonly code: string;
  /** One line for people; empty when the answer was printed already. */
  readonly message: string;
  /** Every single problem, when the message covers several. */
  readonly problems: readonly string[];
}

/** Sorts anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof LicenseError) {
    // A file that is not there is wrong use; a file that is bad is an answer.
    const exitCode = error.code === 'FILE_ABSENT' ? 2 : 1;
    return { exitCode, code: error.code, message: printable(error.message), problems: error.problems };
  }
  if (error instanceof UsageError) return usage(printable(error.message));
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { exitCode: 0, code: 'HELP', message: '', problems: [] };
    return error.code === 'commander.help' ? usage('expected a command') : usage(error.message);
  }
  const message = printable(error instanceof Error ? error.message : String(error));
  return { exitCode: 1, code: 'UNEXPECTED', message, problems: [] };
}

function usage(message: string): Failure {
  return { exitCode: 2, code: 'USAGE', message: message.replace(/^error: /, ''), problems: [] };
}
