// npm run test:crash: kill -9 at random times while keys are being written, and a start with everything else down
// after each. 300 times, or --count; --seed repeats a run as far as the scheduler lets it. The last line is
// "N passed, N failed".
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { Claims } from '../../scripts/demo/claims.mjs';
import { ensureBuilt, ensureDependencies } from '../../scripts/set-up.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    short: { type: 'boolean' }, // the default
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run test:crash [-- --count KILLS] [--seed NUMBER]');
  process.exit(2);
}
ensureDependencies();
ensureBuilt();
const { crash } = await import('./crash.mjs');

const claims = new Claims();
const folder = mkdtempSync(join(tmpdir(), 'latchkey-crash-'));
const startMs = performance.now();
await crash({ claims, folder, count, seed });
if (claims.failed === 0) rmSync(folder, { recursive: true, force: true });
else console.log(`  what was left: ${folder}; again with --seed ${seed}`);
console.log(`\n${((performance.now() - startMs) / 1000).toFixed(1)} s in all`);
console.log(`${claims.passed} passed, ${claims.failed} failed`);
process.exitCode = claims.failed === 0 ? 0 : 1;
