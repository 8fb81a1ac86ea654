import { join } from 'node:path';

import { repository } from '../set-up.mjs';
import { eventually } from './claims.mjs';

const program = join(repository, 'dist', 'apps', 'demo-app', 'main.js');

/** One of the licensed services: the demo app as a process of its own, with a key file of its own. */
export class Service {
  #process;

  /**
   * @param {import('./stage.mjs').Stage} stage
   * @param {string} name
   * @param {Record<string, string>} variables
   * @param {string} keyFile where it is expected to keep its license
   * @param {string[]} command what runs it: a Node and a program. Default: this Node, the demo app
   */
  constructor(stage, name, variables, keyFile, command = [process.execPath, program]) {
    this.stage = stage;
    this.name = name;
    this.variables = variables;
    this.keyFile = keyFile;
    this.command = command;
  }

  /** Starts it and waits until it listens; nothing is asked of it yet. */
  async start(moreVariables = {}) {
    const [node, ...args] = this.command;
    this.#process = this.stage.start(this.name, node, args, {
      SERVICE_NAME: this.name,
      HTTP_PORT: '0',
      ...this.variables,
      ...moreVariables,
    });
    this.url = await eventually(() => {
      const url = /listens on (http:\/\/\S+)/.exec(this.#process.output())?.[1];
      if (url !== undefined) return url;
      this.#process.assertRunning();
      throw new Error(`${this.name} does not listen yet`);
    });
  }

  get pid() {
    return this.#process.pid;
  }

  async stop() {
    return await this.#process.stop();
  }

  async kill() {
    await this.#process.kill();
  }

  /** @returns {Promise<{ status: number, body: any }>} the answer of a route */
  async get(path) {
    const response = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(5000) });
    return { status: response.status, body: await response.json() };
  }

  /** What it believes about its license. */
  async license() {
    return (await this.get('/license')).body;
  }

  /** @throws {Error} when nothing like `pattern` is in its log since its last start */
  expectLogged(pattern) {
    if (!pattern.test(this.#process.output())) throw new Error(`${this.name} logged nothing like ${pattern}`);
  }
}
