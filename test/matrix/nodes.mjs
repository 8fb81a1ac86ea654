import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A Node of the matrix; `program` is null when it could not be had, and `reason` says why.
 *
 * @typedef {{ version: string, program: string | null, reason: string | null }} Node
 */

// The oldest that is supported, and the newest of every line.
const oldest = '20.19.0';
const newest = '26';
const all = [oldest, '20', '22.12.0', '22', '24', newest];

/**
 * @param {import('./npm.mjs').Npm} npm
 * @param {string} folder
 * @param {boolean} complete all of them, or the oldest and the newest
 * @returns {Promise<Node[]>}
 */
export async function provideNodes(npm, folder, complete) {
  return await Promise.all((complete ? all : [oldest, newest]).map((wanted) => provide(npm, folder, wanted)));
}

async function provide(npm, folder, wanted) {
  // The one that runs this is as good as one from the registry.
  if (process.version.startsWith(`v${wanted}.`) || process.version === `v${wanted}`) {
    return { version: process.versions.node, program: process.execPath, reason: null };
  }
  const place = join(folder, wanted);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), '{ "private": true }');
  const program = join(place, 'node_modules', 'node', 'bin', 'node');
  try {
    await npm.npm(place, 'install', `node@${wanted}`);
    const version = (await npm.run(place, program, ['--version'])).trim().slice(1);
    return { version, program, reason: null };
  } catch (error) {
    const [reason = ''] = error.message.split('\n').filter((line) => /err|Error|:/.test(line));
    return { version: wanted, program: null, reason };
  }
}
