// npm run bench: measures Latchkey beside its peers. Names of rows measure these only; --quick takes fewer and shorter
// rounds, to see that everything runs. Only a full run, of all rows, writes bench/README.md.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { ensureBuilt, ensureDependencies, ensureNatsServer } from '../scripts/set-up.mjs';
import { ensurePeers } from './harness/peers.mjs';
import { profilingFlags } from './harness/profiling.mjs';

/** In the order of the table: from a single check to whole fleets. */
const names = [
  'licensed-check',
  'guard',
  'open-and-verify',
  'unchanged-broadcast',
  'durable-save',
  'boot',
  'new-instance',
  'cold-start',
  'renewal',
  'requests',
  'growth',
];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`expected rows of the benchmark (${names.join(', ')}), found ${unknown.join(', ')}`);
  process.exit(2);
}
const wanted = positionals.length > 0 ? names.filter((name) => positionals.includes(name)) : names;

ensureDependencies();
ensureBuilt();
ensurePeers();
// These need packages, which are there only now.
const { describeMachine, machineText } = await import('./harness/machine.mjs');
const { keepResult, keepTables } = await import('./harness/report.mjs');
const { textTable } = await import('./harness/table.mjs');

const startedAt = new Date();
const machine = describeMachine(ensureNatsServer());
console.log(`${machineText(machine)}\n`);
const rows = [];
const failed = [];
for (const name of wanted) {
  const startedMs = performance.now();
  const row = await measure(name);
  if (row === null) {
    failed.push(name);
    continue;
  }
  rows.push(row);
  if (!values.quick) keepResult(row, machine);
  console.log(`${textTable(row)}\n  ${((performance.now() - startedMs) / 1000).toFixed(0)} s\n`);
}
const minutes = Math.ceil((Date.now() - startedAt.getTime()) / 60_000);
if (!values.quick && rows.length === names.length) await keepTables(rows, machine, { startedAt, minutes });
console.log(
  `${minutes} min; ${rows.length} rows measured${failed.length === 0 ? '' : `, failed: ${failed.join(', ')}`}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Each row has a process of its own: what one does to the compiler or the heap is not the next one's. */
async function measure(name) {
  const program = fileURLToPath(new URL('harness/run-row.mjs', import.meta.url));
  const child = fork(program, [name, values.quick ? 'quick' : 'full'], {
    execArgv: ['--expose-gc', ...profilingFlags],
  });
  let row = null;
  child.on('message', (message) => (row = message));
  await once(child, 'exit');
  return row;
}
