import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { until } from '@latchkey/license/testing';

/** A program of ours as a process of its own, with nothing of this environment but what it is given. */
export class RunningProgram {
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;
  #output = '';
  #stopped = false;

  private constructor(program: string, cwd: string, env: Readonly<Record<string, string>>) {
    this.#process = spawn(process.execPath, [program], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#closed = once(this.#process, 'close');
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
  }

  /** Resolves as soon as it listens. @throws with its output when it ends before */
  static async start(
    program: string,
    cwd: string,
    env: Readonly<Record<string, string>>,
  ): Promise<RunningProgram> {
    const running = new RunningProgram(program, cwd, { HTTP_PORT: '0', ...env });
    await until(() => running.url !== '' || running.#process.exitCode !== null);
    if (running.url === '') throw new Error(`${program} ended before it listened:\n${running.#output}`);
    return running;
  }

  /** All that it printed so far, on both streams. */
  get output(): string {
    return this.#output;
  }

  /** Where it listens, as its log says; empty before it does. */
  get url(): string {
    return /listens on (http:\/\/[^\s,"]+)/.exec(this.#output)?.[1] ?? '';
  }

  /** True from the moment it is told to stop. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  async get(path: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}${path}`, { headers: { connection: 'close' } });
    const body: unknown = await response.json();
    return { status: response.status, body };
  }

  /** Ends it, and resolves when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#stopped = true;
    this.#process.kill(signal);
    await this.#closed;
  }
}
