/** A part of the deployment that runs as a process: it can die, freeze and come back. */
export class Part {
  isRunning = false;
  /** What to put before its command, such as `ip netns exec NAME`. @type {string[]} */
  within = [];
  #program;
  #read = 0;

  /**
   * @param {import('../../scripts/demo/stage.mjs').Stage} stage
   * @param {string} name of its folder and its logs
   */
  constructor(stage, name) {
    this.stage = stage;
    this.name = name;
  }

  get pid() {
    return this.#program.pid;
  }

  /** A file in its own folder. */
  path(...names) {
    return this.stage.path(this.name, ...names);
  }

  launch(words, variables) {
    const [command, ...args] = [...this.within, ...words];
    this.#program = this.stage.start(this.name, command, args, variables);
    this.#read = 0;
    this.isRunning = true;
  }

  /** What it printed since this was last asked, whole lines only. */
  newLines() {
    const text = this.output();
    const end = text.lastIndexOf('\n') + 1;
    const lines = text.slice(this.#read, end).split('\n').slice(0, -1);
    this.#read = end;
    return lines;
  }

  /** Everything it printed since its last start. */
  output() {
    return this.#program?.output() ?? '';
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.isRunning = false;
    await this.#program?.kill();
  }

  /** Asks it to end. */
  async stop() {
    this.isRunning = false;
    await this.#program?.stop();
  }

  /** It stops answering while its connections stay open. */
  freeze() {
    this.signal('SIGSTOP');
  }

  thaw() {
    this.signal('SIGCONT');
  }

  signal(name) {
    process.kill(this.pid, name);
  }

  /** @throws {Error} with the end of its output, when it ended by itself */
  assertNotCrashed() {
    if (!this.isRunning) return;
    try {
      this.#program.assertRunning();
    } catch (cause) {
      throw new Error(`${cause.message}:\n${this.output().slice(-2000)}`, { cause });
    }
  }
}
