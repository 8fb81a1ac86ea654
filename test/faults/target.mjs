import { failing, trace } from './strace.mjs';

/** A service whose file operations are known, so that each can be made to fail. */
export class Target {
  /** @type {import('./strace.mjs').Operation[]} */
  operations = [];
  #worker;

  /**
   * @param {import('./bench.mjs').Bench} bench
   * @param {{ prepare: (bench: object) => Promise<void>, act: (bench: object) => Promise<void> }} scene what it does
   * @param {string} output a file for strace
   */
  constructor(bench, scene, output) {
    this.bench = bench;
    this.scene = scene;
    this.output = output;
  }

  /** Starts a new process of the service, and looks at what it does. */
  async launch() {
    await this.bench.launch();
    await this.inspect();
  }

  /** Looks at what the process does that is there. */
  async inspect() {
    const { bench, scene, output } = this;
    await scene.prepare(bench);
    await scene.act(bench); // once for all that is only done the first time
    await scene.prepare(bench);
    const { pid, folder, path, stale, young } = bench;
    const named = [folder, path, stale, young];
    const found = await trace(pid, { folder, named, output }, () => scene.act(bench));
    if (found.operations.length === 0) throw new Error('no file operation was seen');
    this.operations = found.operations;
    this.#worker = found.worker;
  }

  /**
   * Has one operation fail while `task` runs.
   *
   * @param {string} fault `error=EIO`, `signal=KILL`
   * @returns {Promise<boolean>} whether it was this operation that failed
   */
  async strike(operation, fault, task) {
    const thread = operation.isMain ? this.bench.pid : this.#worker;
    const failed = await failing(thread, operation, fault, this.output, task);
    return failed.length > 0 && failed.every((line) => line.includes(this.bench.folder));
  }
}
