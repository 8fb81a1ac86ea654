import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('service.mjs', import.meta.url));
const answerLimitMs = 10_000;

/** The licensed service of `service.mjs` as a process, and what can be asked of it. */
export class ServiceProcess {
  #child;
  #exited;
  #answers = new Map();
  #asked = 0;

  /**
   * @param {Record<string, string>} variables
   * @param {string[]} [prefix] a command to run it by
   */
  static async launch(variables, prefix = []) {
    const service = new ServiceProcess();
    const [command, ...args] = [...prefix, process.execPath, program];
    service.#child = spawn(command, args, {
      // One worker thread, so that file operations come in one order.
      env: { PATH: process.env.PATH, UV_THREADPOOL_SIZE: '1', ...variables },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    service.#exited = once(service.#child, 'exit');
    const ready = new Promise((resolve) => service.#answers.set(0, resolve));
    service.#child.on('message', ({ id, answer }) => {
      service.#answers.get(id)?.(answer);
      service.#answers.delete(id);
    });
    await Promise.race([ready, service.#exited]);
    service.#assertRunning();
    return service;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Starts the licensed application, with this key file and everything else down. */
  start(keyPath) {
    return this.#ask('start', { keyPath });
  }

  /** Has it hear a license from a license-server. Does not wait for what it makes of it. */
  hear(license) {
    return this.#ask('hear', { license });
  }

  stop() {
    return this.#ask('stop');
  }

  /** What it believes, what its gated route answers, and its warnings and errors since its start. */
  look() {
    return this.#ask('look');
  }

  /** The signal or exit code that ended it; null while it runs. */
  get end() {
    return this.#child.signalCode ?? this.#child.exitCode;
  }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async #ask(command, options = {}) {
    this.#asked += 1;
    const id = this.#asked;
    const answered = new Promise((resolve) => this.#answers.set(id, resolve));
    this.#child.send({ id, command, ...options }, () => {}); // when it has ended, that is told below
    let timer;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no answer to "${command}" in ${answerLimitMs} ms`)),
        answerLimitMs,
      );
    });
    const ended = this.#exited.then(() => this.#assertRunning());
    try {
      return await Promise.race([answered, ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #assertRunning() {
    if (this.end !== null) throw new Error(`the service has ended (${this.end})`);
  }
}
