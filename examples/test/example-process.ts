import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from '@latchkey/license/testing';

const built = join(import.meta.dirname, '../../dist/examples');

interface PlainRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A built example as a process of its own, on any free port, in a home of its own: a key file of this machine is not its. */
export class ExampleProcess {
  readonly #home = mkdtempSync(join(tmpdir(), 'latchkey-'));
  readonly #process: ChildProcess;
  #output = '';

  private constructor(program: string, env: Readonly<Record<string, string>>) {
    this.#process = spawn(process.execPath, [program], {
      cwd: this.#home,
      env: { HOME: this.#home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
  }

  /** Starts an example and waits until it listens. @throws with its output when it ends before */
  static async start(name: string, env: Readonly<Record<string, string>>): Promise<ExampleProcess> {
    const program = join(built, `${name}.js`);
    if (!existsSync(program)) throw new Error(`${program} is missing: run "npm run build" first`);
    const started = new ExampleProcess(program, { PORT: '0', ...env });
    await until(() => started.#url !== undefined || started.#process.exitCode !== null, 20_000);
    if (started.#url === undefined) throw new Error(`the example ended:\n${started.#output}`);
    return started;
  }

  get #url(): string | undefined {
    return /listening on (http:\S+)/.exec(this.#output)?.[1];
  }

  /** Where it listens. */
  get url(): string {
    return this.#url ?? '';
  }

  /** All that it printed so far, on both streams. */
  get output(): string {
    return this.#output;
  }

  fetch(path: string, { headers = {}, ...init }: PlainRequest = {}): Promise<Response> {
    return fetch(`${this.url}/${path}`, { ...init, headers: { connection: 'close', ...headers } });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const exited = once(this.#process, 'exit');
      this.#process.kill();
      await exited;
    }
    rmSync(this.#home, { recursive: true });
  }
}
