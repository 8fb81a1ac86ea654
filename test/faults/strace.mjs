import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

import { installDebianPackage } from './debian-package.mjs';

/**
 * One file operation of a process, as strace sees it.
 *
 * @typedef {object} Operation
 * @property {boolean} isMain the main thread makes it; else the worker thread
 * @property {string} call such as `openat`
 * @property {string} path of what it is about
 * @property {boolean} isNamed the path is known beforehand, so that strace can pick this operation by it
 * @property {number} nth which one it is of those that this thread makes of this call: on this path when that is named
 */

/**
 * Notes every file operation below `folder` that a process makes while `task` runs.
 *
 * @returns {Promise<{ operations: Operation[], worker: number | undefined }>} `worker`: the id of its worker thread
 */
export async function trace(pid, { folder, named, output }, task) {
  const strace = await attach(['-f', '-p', pid, '-e', 'trace=%file,%desc', '-o', output]);
  try {
    await task();
  } finally {
    await strace.detach();
  }
  return operationsIn(readFileSync(output, 'utf8'), { pid, folder, named });
}

/**
 * Has one operation fail while `task` runs: the one given, and when it is named all later ones on the same path.
 *
 * @param {string} fault as strace takes it: `error=EIO`, `signal=KILL`
 * @returns {Promise<string[]>} the operations that failed, as strace prints them
 */
export async function failing(thread, { call, path, isNamed, nth }, fault, output, task) {
  const inject = `inject=${call}:${fault}:when=${nth}`;
  const which = isNamed ? ['-P', path, '-e', `${inject}+`] : ['-e', inject];
  const strace = await attach(['-p', thread, '-e', `trace=${call}`, ...which, '-o', output]);
  try {
    await task();
  } finally {
    await strace.detach();
  }
  return readFileSync(output, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('(INJECTED)'));
}

/** Why processes cannot be traced here; null when they can. Installs strace where it may. */
export async function traceProblem() {
  if (process.platform !== 'linux') return 'strace is a program of Linux';
  const missing = spawnSync('strace', ['-V']).error === undefined ? null : installDebianPackage('strace');
  if (missing !== null) return missing;
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  try {
    const strace = await attach(['-p', child.pid, '-o', '/dev/null']);
    await strace.detach();
    return null;
  } catch (error) {
    return error.message;
  } finally {
    child.kill();
  }
}

async function attach(args) {
  // Paths beside descriptors, and nothing of what is read and written.
  const child = spawn('strace', ['-y', '-s', '0', ...args.map(String)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'close').catch((error) => error);
  let said = '';
  const attached = new Promise((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      if (said.includes(' attached')) resolve('attached');
    });
  });
  const outcome = await Promise.race([attached, ended]);
  if (outcome !== 'attached') throw new Error(`strace: ${said || outcome}`.trim());
  return {
    async detach() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function operationsIn(text, { pid, folder, named }) {
  const operations = [];
  let worker;
  const counts = new Map();
  const count = (...key) => {
    const nth = (counts.get(key.join()) ?? 0) + 1;
    counts.set(key.join(), nth);
    return nth;
  };
  for (const line of text.split('\n')) {
    const [, thread, call, rest] = /^(\d+) +(\w+)\((.*)/.exec(line) ?? [];
    if (call === undefined) continue; // the end of one that was interrupted by another thread's
    const nthOfThread = count(thread, call);
    const paths = [...rest.matchAll(/["<]([^"<>]*)[">]/g)].map((match) => match[1]);
    const path = paths.find((one) => one.startsWith(folder));
    if (path === undefined) continue;
    const isMain = Number(thread) === pid;
    if (!isMain) worker = Number(thread);
    const isNamed = named.includes(path);
    operations.push({ isMain, call, path, isNamed, nth: isNamed ? count(thread, call, path) : nthOfThread });
  }
  return { operations, worker };
}

/** An operation for people: `openat license.key (2)`. */
export function nameOf({ call, path, nth }) {
  return `${call} ${basename(path).replace(/[0-9a-f]{16}/, '…')} (${nth})`;
}
