import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = join(import.meta.dirname, 'app');

/** A host application in a folder of its own, made from `app/` and installed from the registry and our tarball. */
export class Consumer {
  /**
   * @param {import('./npm.mjs').Npm} npm
   * @param {string} folder
   * @param {import('./consumers.mjs').ConsumerKind} kind
   */
  constructor(npm, folder, kind) {
    this.npm = npm;
    this.kind = kind;
    this.folder = join(folder, kind.name);
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  /** Writes it and installs what a Nest application with the NATS transport has. */
  async create() {
    const { name, esm, packages } = this.kind;
    mkdirSync(this.path('src'), { recursive: true });
    const manifest = { name, version: '1.0.0', private: true, type: esm ? 'module' : 'commonjs' };
    writeFileSync(this.path('package.json'), JSON.stringify(manifest));
    copyFileSync(join(sources, 'one-copy.mjs'), this.path('one-copy.mjs'));
    for (const file of readdirSync(sources).filter((one) => one.endsWith('.ts'))) {
      const text = readFileSync(join(sources, file), 'utf8');
      // As people write it: only ES modules name the file with its extension.
      writeFileSync(
        this.path('src', file),
        esm ? text : text.replaceAll(/from '(\.\/.*)\.js'/g, "from '$1'"),
      );
    }
    await this.npm.npm(this.folder, 'install', ...packages);
  }

  /** Installs the tarball. @returns {Promise<string[]>} the folders below node_modules that it added or changed */
  async install(tarball) {
    const before = this.#installed();
    await this.npm.npm(this.folder, 'install', tarball);
    await this.npm.npm(this.folder, 'ls', '--all'); // fails for a peer that is missing or of the wrong version
    return Object.entries(this.#installed())
      .filter(([path, { version }]) => before[path]?.version !== version)
      .map(([path]) => path);
  }

  #installed() {
    const list = readFileSync(this.path('node_modules', '.package-lock.json'), 'utf8');
    return JSON.parse(list).packages;
  }

  /**
   * Compiles it with its own TypeScript.
   *
   * @param {{ outDir: string, options: Record<string, unknown> }} build
   * @param {boolean} withLibraries check the declarations of every package too, which takes long
   */
  async compile({ outDir, options }, withLibraries) {
    const config = `tsconfig.${outDir}.json`;
    const compilerOptions = {
      ...options,
      target: 'es2023',
      strict: true,
      esModuleInterop: true,
      isolatedModules: true,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      skipLibCheck: !withLibraries,
      rootDir: 'src',
      outDir,
    };
    const write = (path, types, more = {}) =>
      writeFileSync(
        this.path(path),
        JSON.stringify({ compilerOptions: { ...compilerOptions, types }, include: ['src'], ...more }),
      );
    write(config, ['node'], { exclude: ['src/**/*.spec.ts'] });
    if (outDir === 'dist') write('tsconfig.json', ['node', 'jest']); // for ts-jest
    await this.#node(process.execPath, 'node_modules/typescript/bin/tsc', '-p', config);
  }

  /** Installs what a recipe of Jest asks for, and its configuration. */
  async addRecipe({ config, text, packages }) {
    writeFileSync(this.path(config), text);
    await this.npm.npm(this.folder, 'install', '--save-dev', ...packages);
  }

  /** Runs its specs as a recipe says. @returns {Promise<string>} Jest's count of tests */
  async test(node, { config, flags }) {
    const output = await this.#node(node, ...flags, 'node_modules/jest/bin/jest.js', '-c', config);
    const [counts] = /^Tests: .*$/m.exec(output) ?? [];
    if (counts === undefined || !/\b2 passed, 2 total/.test(counts)) throw new Error(output);
    return counts.replace(/\s+/g, ' ');
  }

  /** Loads every entry point in both ways. */
  async loadEverything(node) {
    return (await this.#node(node, 'one-copy.mjs')).trim().split('\n')[0];
  }

  async #node(node, ...args) {
    return await this.npm.run(this.folder, node, args);
  }
}
