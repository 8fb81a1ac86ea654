import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Installs a Debian package where that takes no question: as root, on Debian and its relatives. Says the commands.
 *
 * @returns {string | null} why it is not installed; null when it is
 */
export function installDebianPackage(name) {
  const isDebian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
  if (!isDebian || process.getuid?.() !== 0) {
    return `${name} is not installed${isDebian ? `: run "sudo apt-get install ${name}"` : ''}`;
  }
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', name]]) {
    console.log(`$ apt-get ${args.join(' ')}`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status, stderr } = spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) return `"apt-get ${args.join(' ')}" failed: ${String(stderr).trim()}`;
  }
  return null;
}
