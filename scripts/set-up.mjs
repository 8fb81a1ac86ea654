// What a fresh machine needs before anything here runs: the npm packages, a nats-server, the built programs.
// Plain Node without dependencies. Says nothing when nothing is missing, and every command it runs otherwise.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const repository = fileURLToPath(new URL('..', import.meta.url));

const oldestNode = [20, 19];

/** Something this machine lacks and that was not, or could not be, installed. The message says what to do. */
export class SetUpError extends Error {}

/**
 * Installs the npm packages when they are missing or not the ones of package-lock.json.
 *
 * @throws {SetUpError} when Node is too old or `npm ci` fails
 */
export function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new SetUpError(
      `expected Node ${oldestNode.join('.')} or newer, found ${process.versions.node}: install a newer Node`,
    );
  }
  if (!dependenciesAreInstalled()) run('npm', ['ci', '--include=dev', '--loglevel=error']);
}

// npm leaves a list of what it installed in node_modules as its last step, so a broken-off install has none.
function dependenciesAreInstalled() {
  const installedList = join(repository, 'node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return false;
  const { '': _root, ...wanted } = packagesOf(join(repository, 'package-lock.json'));
  const installed = packagesOf(installedList);
  return (
    Object.keys(installed).every((path) => path in wanted) &&
    Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
      const found = installed[path];
      // Packages for other platforms are in the lock file and nowhere else.
      if (found === undefined) return optional === true || devOptional === true;
      return found.version === version && found.integrity === integrity;
    })
  );
}

function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/**
 * Finds nats-server, or installs it where that takes no question: as root on Debian and its relatives.
 *
 * @returns {string} the path of the program
 * @throws {SetUpError} with the command to run, when it is not there
 */
export function ensureNatsServer() {
  const found = findNatsServer();
  if (found !== undefined) return found;
  const isDebian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
  const install = ['install', '-y', '--no-install-recommends', 'nats-server'];
  if (isDebian && process.getuid?.() === 0) {
    run('apt-get', ['update']);
    run('apt-get', install);
    const installed = findNatsServer();
    if (installed !== undefined) return installed;
  }
  throw new SetUpError(
    `nats-server was not found. Install it, then run this again:\n  ${
      isDebian
        ? `sudo apt-get update && sudo apt-get ${install.join(' ')}`
        : process.platform === 'darwin'
          ? 'brew install nats-server'
          : 'see https://docs.nats.io/running-a-nats-service/introduction/installation'
    }`,
  );
}

function findNatsServer() {
  const name = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  // Debian installs it where a plain user's PATH may not look.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
      } catch {
        return false; // not there, or not for us: look further
      }
    });
}

/**
 * Builds the library and the programs when one of them is missing or older than its sources.
 *
 * @throws {SetUpError} when the build fails; the compiler's messages are on the screen then
 */
export function ensureBuilt() {
  const { projects } = JSON.parse(readFileSync(join(repository, 'nest-cli.json'), 'utf8'));
  const builds = Object.values(projects).map(({ type, root, entryFile, sourceRoot, compilerOptions }) => ({
    output: join(repository, type === 'library' ? join(root, 'dist') : join('dist', root), `${entryFile}.js`),
    sources: ['nest-cli.json', 'tsconfig.base.json', compilerOptions.tsConfigPath, sourceRoot],
  }));
  const isFresh = ({ output, sources }) =>
    existsSync(output) &&
    sources.every((path) => newestMs(join(repository, path)) <= statSync(output).mtimeMs);
  if (builds.every(isFresh)) return;
  try {
    run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build', '--all']);
  } catch (error) {
    // The compiler writes its output in spite of errors: it must not look fresh next time.
    for (const { output } of builds) rmSync(output, { force: true });
    throw error;
  }
}

// Folders count too: theirs is the time at which a file was removed.
function newestMs(path) {
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  const inside = readdirSync(path, { recursive: true }).filter((name) => !name.endsWith('.spec.ts'));
  return Math.max(own.mtimeMs, ...inside.map((name) => statSync(join(path, name)).mtimeMs));
}

function run(command, args) {
  console.log(`$ ${[command === process.execPath ? 'node' : command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, {
    cwd: repository,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'npm',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) {
    throw new SetUpError(`"${command} ${args.join(' ')}" failed: ${error?.message ?? `exit code ${status}`}`);
  }
}
