// node bench/profile.mjs <folder> [lines]: where the processes spent their time that BENCH_PROFILE=<folder> npm run bench
// left profiles of. Shares are of the time in which a process was not idle.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [folder, lines = '20'] = process.argv.slice(2);
if (folder === undefined) {
  console.error(
    'expected the folder that BENCH_PROFILE named, found nothing: node bench/profile.mjs <folder> [lines]',
  );
  process.exit(2);
}
const profiles = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
for (const name of profiles) print(name, JSON.parse(readFileSync(join(folder, name), 'utf8')));

function print(name, { nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, { ...node, selfMs: 0 }]));
  for (const [i, id] of samples.entries()) byId.get(id).selfMs += timeDeltas[i] / 1000;
  const functions = new Map();
  const busyMs = walk(byId.get(nodes[0].id), byId, functions, new Set());
  console.log(`${name}: ${busyMs.toFixed(0)} ms busy\n    self   total`);
  const sorted = [...functions].toSorted(([, a], [, b]) => b.totalMs - a.totalMs);
  for (const [label, { selfMs, totalMs }] of sorted.slice(0, Number(lines))) {
    const share = (ms) => `${((100 * ms) / busyMs).toFixed(1)} %`.padStart(7);
    console.log(` ${share(selfMs)} ${share(totalMs)}  ${label}`);
  }
}

/** Adds up what is spent in a node and below it; what a function spends in its own recursion counts once. */
function walk(node, byId, functions, above) {
  const { functionName, url } = node.callFrame;
  if (functionName === '(idle)') return 0;
  const label = `${functionName || '(anonymous)'} ${basename(url)}`;
  const entry = functions.get(label) ?? { selfMs: 0, totalMs: 0 };
  functions.set(label, entry);
  const isOutermost = !above.has(label);
  if (isOutermost) above.add(label);
  let totalMs = node.selfMs;
  for (const id of node.children ?? []) totalMs += walk(byId.get(id), byId, functions, above);
  entry.selfMs += node.selfMs;
  if (isOutermost) {
    above.delete(label);
    entry.totalMs += totalMs;
  }
  return totalMs;
}
