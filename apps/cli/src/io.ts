import type { Clock, Environment } from '@latchkey/license/protocol';

/** What the command line takes from the process it runs in. Specs bring their own. */
export interface CliIo {
  /** Results: text for people, or one JSON document. */
  out(text: string): void;
  /** Errors and warnings. */
  err(text: string): void;
  readonly env: Environment;
  readonly clock: Clock;
}
