import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { LicenseStatus } from '@latchkey/license';

const program = join(import.meta.dirname, 'flooded-instance.mjs');

/** What an instance tells about itself. Times are how much later than due a timer ran, since the last reset. */
export interface InstanceReport {
  /** As it travels between processes: dates are text. */
  readonly status: LicenseStatus;
  /** Every edition it told its subscribers since the last reset. */
  readonly editions: readonly string[];
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** A licensed service as a process of its own, made from the built library. */
export class InstanceProcess {
  readonly #process: ChildProcess;
  #output = '';

  private constructor(env: Readonly<Record<string, string>>) {
    this.#process = fork(program, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
  }

  static async start(env: Readonly<Record<string, string>>): Promise<InstanceProcess> {
    const instance = new InstanceProcess(env);
    const ended = once(instance.#process, 'exit').then(() => {
      throw new Error(`the instance ended before it was ready:\n${instance.#output}`);
    });
    await Promise.race([once(instance.#process, 'message'), ended]);
    return instance;
  }

  /** All that it printed so far, on both streams. */
  get output(): string {
    return this.#output;
  }

  /** @param question `reset` starts to measure anew after the report, `refresh` has it ask the servers before */
  async ask(question: 'report' | 'reset' | 'refresh'): Promise<InstanceReport> {
    const answer = once(this.#process, 'message');
    this.#process.send(question);
    return ((await answer) as [InstanceReport])[0];
  }

  async status(): Promise<LicenseStatus> {
    return (await this.ask('report')).status;
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
