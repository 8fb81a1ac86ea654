import type { FileTree } from '../schematics/nest-add.cjs';

/**
 * The part of a schematic's file tree that ours uses, in memory. The engine's own cannot be loaded by Jest on Node 20;
 * npm run test:matrix runs the schematic in the real one.
 */
export class MemoryTree implements FileTree {
  readonly #files: Map<string, string>;

  constructor(files: Readonly<Record<string, string>>) {
    this.#files = new Map(Object.entries(files));
  }

  /** Every path with its text. */
  get files(): Record<string, string> {
    return Object.fromEntries(this.#files);
  }

  exists(path: string): boolean {
    return this.#files.has(path);
  }

  /** @throws {Error} when there is no such file */
  readText(path: string): string {
    const text = this.#files.get(path.replace(/^\//, ''));
    if (text === undefined) throw new Error(`no file ${path}`);
    return text;
  }

  readJson(path: string): unknown {
    return JSON.parse(this.readText(path)) as unknown;
  }

  /** @throws {Error} when the file is there, as the engine's tree does */
  create(path: string, content: string): void {
    if (this.exists(path)) throw new Error(`${path} exists`);
    this.#files.set(path, content);
  }

  /** @throws {Error} when the file is not there, as the engine's tree does */
  overwrite(path: string, content: string): void {
    if (!this.exists(path)) throw new Error(`no file ${path}`);
    this.#files.set(path, content);
  }

  /** The files below a folder; paths begin with a slash, as the engine gives them. */
  getDir(folder: string): { visit(visitor: (path: string) => void): void } {
    return {
      visit: (visitor) => {
        for (const path of this.#files.keys()) if (path.startsWith(`${folder}/`)) visitor(`/${path}`);
      },
    };
  }
}
