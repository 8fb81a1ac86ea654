import { spawnSync } from 'node:child_process';
import { readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('..', import.meta.url));
const fromBench = createRequire(import.meta.url);
const { dependencies, optionalDependencies } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** Installs what the benchmark measures beside, once. What cannot be had is reported by {@link loadPeer}. */
export function ensurePeers() {
  if (existsSync(new URL('../node_modules/.package-lock.json', import.meta.url))) return;
  console.log('$ npm ci (in bench)');
  const { status, error } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ci in bench failed: ${error?.message ?? `exit code ${status}`}`);
}

/**
 * @param {string} name a package of bench/package.json
 * @returns {{ version: string, module: any } | { version: null, reason: string }}
 */
export async function loadPeer(name) {
  try {
    const module = await import(name);
    return { version: versionOf(name), module };
  } catch (error) {
    return {
      version: null,
      reason: `${name} ${dependencies[name] ?? optionalDependencies[name]}: ${error.message.split('\n')[0]}`,
    };
  }
}

function versionOf(name) {
  const [path] = fromBench.resolve
    .paths(name)
    .map((base) => `${base}/${name}/package.json`)
    .filter(existsSync);
  return JSON.parse(readFileSync(path, 'utf8')).version;
}
