import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const repository = join(import.meta.dirname, '../..');
// Its licenses end in a year that will have passed one day.
const page = readFileSync(join(repository, 'docs/key-rotation.md'), 'utf8').replaceAll(
  '2027-12-31',
  '2099-12-31',
);

/** What the page leaves to its reader. */
const placeholders = `
set -euo pipefail
latchkey() { "$NODE" "$CLI" "$@"; }
roll_out() {
  local file=$1 machine
  shift
  for machine; do
    cp -p "$file" "$MACHINES/$machine/$file.new"
    mv "$MACHINES/$machine/$file.new" "$MACHINES/$machine/$file"
  done
}
on() {
  local machine=$1
  shift
  (cd "$MACHINES/$machine" && "$@")
}
`;

/** The commands of `docs/key-rotation.md`, run by bash as its reader would. */
export class Runbook {
  /** @param desk the folder in which the commands are typed. @param machines the folder with one folder per machine */
  constructor(
    private readonly desk: string,
    private readonly machines: string,
  ) {}

  /**
   * Runs the commands below a heading of the page.
   *
   * @param variables what the page calls `$NAME`
   * @param block which of several blocks, from 0; default: all of them
   * @returns what they print
   * @throws when one of them fails, or when there are none
   */
  async follow(
    heading: string,
    variables: Readonly<Record<string, string>> = {},
    block?: number,
  ): Promise<string> {
    const section = page.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
    const blocks = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands);
    const chosen = block === undefined ? blocks : blocks.slice(block, block + 1);
    if (chosen.length === 0) throw new Error(`docs/key-rotation.md: expected commands below "${heading}"`);
    return this.type(chosen.join('\n'), variables);
  }

  /** Runs commands that are not on the page. @returns what they print */
  async type(commands: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', `${placeholders}\n${commands}`], {
      cwd: this.desk,
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE: process.execPath,
        CLI: join(repository, 'dist/apps/cli/main.js'),
        MACHINES: this.machines,
        ...variables,
      },
    });
    return stdout;
  }
}
