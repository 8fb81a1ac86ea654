import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** Why containers cannot be run on this machine. */
export class NoContainers extends Error {}

/** True when the shell would find this program. */
export function isOnPath(program) {
  return spawnSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' }).status === 0;
}

/**
 * Installs packages of Debian, and prints the commands it runs.
 *
 * @throws {NoContainers} with the command to run, where that is not for a program to decide, or when it fails
 */
export async function installDebianPackages(...names) {
  const install = ['install', '--yes', '--no-install-recommends', ...names];
  const isDebian = existsSync('/etc/debian_version') && isOnPath('apt-get');
  if (!isDebian || process.getuid() !== 0) {
    const command = isDebian ? `sudo apt-get ${install.join(' ')}` : 'install podman and podman-compose';
    throw new NoContainers(`no container tool was found (${command})`);
  }
  for (const args of [['update'], install]) {
    console.log(`$ apt-get ${args.join(' ')}`);
    try {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      await promisify(execFile)('apt-get', args, { env, maxBuffer: 64 * 1024 * 1024 });
    } catch (error) {
      throw new NoContainers(`apt-get ${args[0]} failed: ${String(error.stderr).trim()}`);
    }
  }
}
