// npm run test:faults: what disks and clocks do to a service that is licensed. Names of parts run these only; --short
// takes fewer combinations. The last line is "N passed, N failed".
import { randomInt } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Claims } from '../../scripts/demo/claims.mjs';
import { ensureBuilt, ensureDependencies } from '../../scripts/set-up.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    short: { type: 'boolean', default: false },
  },
});
ensureDependencies();
ensureBuilt();

const parts = {
  operations: './each-operation.mjs',
  deaths: './kill-each.mjs',
  disks: './real-disk.mjs',
  sharing: './shared-file.mjs',
  clock: '../clock/real-clock.mjs',
};
const wanted = positionals.length > 0 ? positionals : Object.keys(parts);
const claims = new Claims();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-faults-')));
const startMs = performance.now();
const { createVendor } = await import('./vendor.mjs');
const vendor = await createVendor();
for (const name of wanted) {
  claims.scene(`Faults: ${name}`);
  try {
    const { run } = await import(parts[name]);
    await run({ claims, folder: join(folder, name), vendor, short: values.short, seed: Number(values.seed) });
  } catch (error) {
    claims.fail('the run', error);
  }
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${((performance.now() - startMs) / 1000).toFixed(1)} s in all`);
console.log(`${claims.passed} passed, ${claims.failed} failed`);
process.exitCode = claims.failed === 0 ? 0 : 1;
