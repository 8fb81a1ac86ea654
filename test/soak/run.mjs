// npm run test:soak: one instance and one license-server live through floods of broadcasts, renewals and restarts of
// the broker, and must hold no more memory, descriptors, listeners or subscriptions afterwards than before. The short
// form takes less than a minute, --long is 100,000 broadcasts and 200 reconnects. The last line is "N passed, N failed".
import { parseArgs } from 'node:util';

import { Claims, expectSame } from '../../scripts/demo/claims.mjs';
import { ensureBuilt, ensureDependencies } from '../../scripts/set-up.mjs';

const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false } },
});
const rounds = values.long ? 200 : 12;
const broadcastsPerRound = 500;
const warmUpRounds = 3;
const maxGrowthMb = 5;

// Whatever was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
ensureDependencies();
ensureBuilt();
const { Soak } = await import('./soak.mjs');

const claims = new Claims();
claims.scene(`Soak: ${rounds * broadcastsPerRound} broadcasts, ${rounds} renewals, ${rounds} reconnects`);
const startMs = performance.now();
const soak = await Soak.start();
try {
  for (let round = 0; round < warmUpRounds; round += 1) await soak.round(broadcastsPerRound);
  const before = await soak.measure();
  const fromMs = performance.now();
  for (let round = 0; round < rounds; round += 1) await soak.round(broadcastsPerRound);
  const tookS = ((performance.now() - fromMs) / 1000).toFixed(0);
  const after = await soak.measure();

  await claims.claim('the instance is still enterprise, by the newest license', () => {
    expectSame('license', soak.belief(), { licensed: true, serial: soak.newestSerial, persisted: true });
    return `serial ${soak.newestSerial}, after ${tookS} s`;
  });
  await claims.claim(`its heap after garbage collection grew by less than ${maxGrowthMb} MB`, () => {
    const growthMb = after.heapMb - before.heapMb;
    const evidence = `${before.heapMb.toFixed(1)} MB, then ${after.heapMb.toFixed(1)} MB`;
    if (growthMb >= maxGrowthMb) throw new Error(evidence);
    return evidence;
  });
  for (const what of ['descriptors', 'listeners', 'subscriptions']) {
    await claims.claim(`${what} are as many as before, of instance and server`, () => {
      expectSame(what, after[what], before[what]);
      return JSON.stringify(after[what]);
    });
  }
  await claims.claim('the key file was written once for each license', () => {
    expectSame('writes', after.writes - before.writes, rounds);
    return `${rounds} times`;
  });
} catch (error) {
  claims.fail('the run', error);
} finally {
  await soak.stop();
}
console.log(`\n${((performance.now() - startMs) / 1000).toFixed(1)} s in all`);
console.log(`${claims.passed} passed, ${claims.failed} failed`);
process.exitCode = claims.failed === 0 ? 0 : 1;
