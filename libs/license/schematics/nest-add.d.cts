/** The part of a schematic's file tree (`Tree` of @angular-devkit/schematics) that is used here. */
export interface FileTree {
  exists(path: string): boolean;
  readText(path: string): string;
  readJson(path: string): unknown;
  create(path: string, content: string): void;
  overwrite(path: string, content: string): void;
  getDir(path: string): { visit(visitor: (path: string) => void): void };
}

/** What the Nest CLI passes on; see `nest-add.schema.json`. */
export interface NestAddOptions {
  /** The folder of the project's sources. Default `src`. */
  readonly sourceRoot?: string;
  /** The product licenses are issued for. Default: the name in package.json. */
  readonly product?: string;
}

export type NestAdd = (
  options: NestAddOptions,
) => (tree: FileTree, context: { readonly logger: { info(message: string): void } }) => FileTree;

export const nestAdd: NestAdd;
