import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One temporary folder and every process that runs in it. Nothing outlives it. */
export class Stage {
  #programs = [];

  /** @param {string} what is played, in the name of the folder */
  constructor(what = 'demo') {
    this.folder = mkdtempSync(join(tmpdir(), `latchkey-${what}-`));
    mkdirSync(this.path('logs'));
    // Whatever ends the demo, even a mistake of its own, ends its processes too.
    process.once('exit', () => this.#killAll());
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  /**
   * Starts a program. It sees no variables but PATH and those given, and works in its own folder.
   *
   * @param {string} name of its folder and its log
   */
  start(name, command, args, variables = {}) {
    const cwd = this.path(name);
    mkdirSync(cwd, { recursive: true });
    const run = this.#programs.filter((program) => program.name === name).length + 1;
    const log = this.path('logs', `${name}-${run}.log`);
    const program = new Program(name, log, command, args, cwd, {
      PATH: process.env.PATH,
      HOME: this.path('home'),
      ...variables,
    });
    this.#programs.push(program);
    return program;
  }

  /** Ends every process; removes the folder unless there is something in it to look at. */
  async close({ keepFolder }) {
    await Promise.all(this.#programs.map((program) => program.stop()));
    if (!keepFolder) rmSync(this.folder, { recursive: true, force: true });
  }

  /** The same at once, for an interruption: nothing is asked to end, everything is killed. */
  closeNow() {
    this.#killAll();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #killAll() {
    for (const program of this.#programs) program.killNow();
  }

  /** The last lines of the log of every program that ran. */
  logTails() {
    return this.#programs.map((program) => `--- ${program.log}\n${program.output().slice(-2000)}`).join('\n');
  }
}

/** One child process and its log. */
class Program {
  #child;

  constructor(name, log, command, args, cwd, env) {
    this.name = name;
    this.log = log;
    const file = openSync(log, 'w');
    this.#child = spawn(command, args, { cwd, env, stdio: ['ignore', file, file] });
    closeSync(file);
    this.#child.once('error', (error) => console.error(`${name}: ${error.message}`));
  }

  get pid() {
    return this.#child.pid;
  }

  /** Everything it has printed. */
  output() {
    return readFileSync(this.log, 'utf8');
  }

  /** @throws {Error} when it has ended */
  assertRunning() {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) {
      throw new Error(`${this.name} has ended (${signalCode ?? exitCode}), see ${this.log}`);
    }
  }

  /** Ends it as a crash would, and waits until it is gone. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Asks it to end; kills it when it does not within 5 seconds. @returns its exit code, null after a kill */
  async stop() {
    const deadline = setTimeout(() => this.killNow(), 5000);
    await this.#end('SIGTERM');
    clearTimeout(deadline);
    return this.#child.exitCode;
  }

  /** Kills it without waiting. */
  killNow() {
    this.#child.kill('SIGKILL');
  }

  async #end(signal) {
    const { exitCode, signalCode, pid } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }
}
