import { ManualClock } from '@latchkey/license/testing';

import type { CliIo } from '../../src/io.js';
import { run } from '../../src/run.js';

/** Runs the command line inside the test, with a clock to turn, and keeps what it printed. */
export class Terminal implements CliIo {
  readonly clock = new ManualClock();
  readonly env: Record<string, string> = {};
  stdout = '';
  stderr = '';

  out(text: string): void {
    this.stdout += text;
  }

  err(text: string): void {
    this.stderr += text;
  }

  /** @returns the exit code; {@link stdout} and {@link stderr} are those of this run alone */
  run(...argv: string[]): Promise<number> {
    this.stdout = '';
    this.stderr = '';
    return run(argv, this);
  }

  /** What the last run printed, when it was asked for JSON. */
  json(): unknown {
    return JSON.parse(this.stdout);
  }
}
