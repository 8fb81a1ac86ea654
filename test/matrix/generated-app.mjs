import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { eventually } from '../../scripts/demo/claims.mjs';
import { freePort } from '../../scripts/free-port.mjs';
import { repository } from '../../scripts/set-up.mjs';

const cliPath = join('@nestjs', 'cli', 'bin', 'nest.js');
const ourCli = join(repository, 'node_modules', cliPath);
const notOurs = new Set(['node_modules', 'dist', '.npmrc']);
const ours = (name) => !notOurs.has(name);

/** An app that `nest new` made, with its packages installed. */
export class GeneratedApp {
  /**
   * @param {import('./npm.mjs').Npm} npm
   * @param {string} parent a folder that is not there yet
   * @param {11 | 12} major of Nest
   */
  constructor(npm, parent, major) {
    this.npm = npm;
    this.major = major;
    this.parent = parent;
    this.folder = join(parent, 'shop');
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  read(...names) {
    return readFileSync(this.path(...names), 'utf8');
  }

  edit(name, change) {
    const before = this.read(name);
    const after = change(before);
    if (after === before) throw new Error(`${name}: expected something to change in\n${before}`);
    writeFileSync(this.path(name), after);
  }

  /** Makes it with the Nest CLI of its version and installs its packages. */
  async create() {
    mkdirSync(this.parent, { recursive: true });
    const cli = this.major === 12 ? ourCli : await this.#installedCli();
    const quick = ['--skip-install', '--skip-git', '--package-manager', 'npm'];
    await this.npm.run(this.parent, process.execPath, [cli, 'new', 'shop', ...quick]);
    await this.npm.npm(this.folder, 'install');
  }

  /** The CLI of another version, in a folder of its own. */
  async #installedCli() {
    const place = join(this.parent, 'cli');
    mkdirSync(place);
    writeFileSync(join(place, 'package.json'), '{ "private": true }');
    await this.npm.npm(place, 'install', `@nestjs/cli@^${this.major}.0.0`);
    return join(place, 'node_modules', cliPath);
  }

  /** What it is, for people. */
  describe() {
    const { version } = JSON.parse(this.read('node_modules', '@nestjs', 'cli', 'package.json'));
    const { type = 'commonjs' } = JSON.parse(this.read('package.json'));
    return `@nestjs/cli ${version}, ${type}`;
  }

  /** Runs its own Nest CLI. @returns {Promise<string>} what it said */
  async nest(...args) {
    const said = await this.npm.run(this.folder, process.execPath, [
      this.path('node_modules', cliPath),
      ...args,
    ]);
    return stripVTControlCharacters(said).trim();
  }

  /** Every file but what is installed or built, with its text. */
  files() {
    return Object.fromEntries(
      readdirSync(this.folder)
        .filter(ours)
        .flatMap((name) => filesAt(this.folder, name)),
    );
  }

  /** Keeps a copy; {@link restore} brings it back. */
  save() {
    cpSync(this.folder, `${this.folder}-saved`, {
      recursive: true,
      filter: (path) => ours(path.split('/').at(-1)),
    });
  }

  restore() {
    for (const name of readdirSync(this.folder).filter(ours)) rmSync(this.path(name), { recursive: true });
    rmSync(this.path('dist'), { recursive: true, force: true });
    cpSync(`${this.folder}-saved`, this.folder, { recursive: true });
  }

  /**
   * Starts what was built and asks for a path.
   *
   * @param {string} dist the folder that holds its main.js, at any depth: where the compiler puts it differs
   * @returns {Promise<{ status: number, body: any }>}
   */
  async ask(dist, path) {
    const port = await freePort();
    // "nest new" and "nest generate app" do not spell it alike.
    const env = { PATH: process.env.PATH, HOME: this.parent, PORT: String(port), port: String(port) };
    const program = readdirSync(this.path(dist), { recursive: true }).find(
      (name) => basename(name) === 'main.js',
    );
    const child = spawn(process.execPath, [this.path(dist, program ?? 'main.js')], {
      cwd: this.folder,
      env,
      stdio: 'pipe',
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
    const exited = once(child, 'exit');
    try {
      const response = await eventually(async () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${Buffer.concat(said)}`);
        return await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5000) });
      });
      return { status: response.status, body: await response.json() };
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
  }
}

function filesAt(folder, name) {
  const path = join(folder, name);
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.find((entry) => entry.name === name)?.isDirectory() !== true) {
    return [[path, readFileSync(path, 'utf8')]];
  }
  return readdirSync(path).flatMap((inside) => filesAt(path, inside));
}
