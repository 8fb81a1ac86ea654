import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

import { kept } from './children.mjs';
import { profilingFlags } from './profiling.mjs';

/** A program of bench/programs in a process of its own, asked by messages. */
export class Program {
  #next = 0;
  #open = new Map();
  #ready = () => {};

  constructor(child) {
    this.child = child;
    child.on('message', ({ id, value, problem }) => {
      if (id === 0) return this.#ready();
      const { resolve, reject } = this.#open.get(id);
      this.#open.delete(id);
      if (problem === undefined) resolve(value);
      else reject(new Error(problem));
    });
    child.on('exit', (code, signal) => {
      for (const { reject } of this.#open.values()) reject(new Error(`the program ended: ${signal ?? code}`));
    });
  }

  /** @param {string} name file in bench/programs, without its ending */
  static async start(name, { args = [], env = {}, execArgv = [] } = {}) {
    const path = new URL(`../programs/${name}.mjs`, import.meta.url);
    const child = kept(
      fork(path, args, {
        execArgv: [...profilingFlags, ...execArgv],
        env: { ...process.env, ...env },
        serialization: 'advanced',
      }),
    );
    return new Program(child);
  }

  /** Calls a function that the program answers with. */
  call(method, ...args) {
    this.#next += 1;
    const id = this.#next;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.child.send({ id, method, args });
    });
  }

  /** As {@link call}, for what has to be under way before something else happens. */
  callWhenReady(method, ...args) {
    const ready = new Promise((resolve) => (this.#ready = resolve));
    return { ready, done: this.call(method, ...args) };
  }

  /**
   * Keeps the program on one processor, so that two of them are not moved about and together.
   *
   * @returns {boolean} false where that is not possible: on one processor, or without `taskset`
   */
  pin(processor) {
    if (processor >= availableParallelism()) return false;
    return spawnSync('taskset', ['-acp', String(processor), String(this.child.pid)]).status === 0;
  }

  async stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.disconnect(); // it ends by itself then, and leaves its profile
    await exited;
  }
}

/** In a program: answers the calls of whoever started it, and ends with it. */
export function serve(methods) {
  process.once('disconnect', () => process.exit(0));
  process.on('message', async ({ id, method, args }) => {
    try {
      process.send({ id, value: await methods[method](...args) });
    } catch (error) {
      process.send({ id, problem: error.stack ?? String(error) });
    }
  });
}

/** In a program: what `callWhenReady` asked for is under way. */
export function announceReady() {
  process.send({ id: 0 });
}

const ticksPerSecond = 100;

/** Processor time that a process has used so far, in milliseconds. Linux only. */
export function processorMs(pid) {
  const [, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** Resident memory of a process. Linux only. */
export function memoryMiB(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}
