// npm run test:chaos: a whole deployment in which everything fails at random, a storm of reconnecting instances, and
// a cluster of brokers in networks that are cut apart. Names of parts run these only; --minutes makes the chaos
// longer, --seed repeats it. The last line is "N passed, N failed".
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

import { Claims } from '../../scripts/demo/claims.mjs';
import { ensureBuilt, ensureDependencies } from '../../scripts/set-up.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
  },
});
const parts = { chaos: './chaos.mjs', storm: './storm.mjs', cluster: './cluster.mjs' };
const wanted = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = wanted.find((name) => !(name in parts));
if (unknown !== undefined) throw new Error(`expected ${Object.keys(parts).join(', ')}; found ${unknown}`);

// Whatever was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
ensureDependencies();
ensureBuilt();
const claims = new Claims();
const startMs = performance.now();
for (const name of wanted) {
  const part = await import(parts[name]);
  await part[name]({ claims, minutes: Number(values.minutes), seed: Number(values.seed) });
}
console.log(`\n${((performance.now() - startMs) / 1000).toFixed(1)} s in all`);
console.log(`${claims.passed} passed, ${claims.failed} failed`);
process.exitCode = claims.failed === 0 ? 0 : 1;
