import { join } from 'node:path';

import { expectSame } from '../../scripts/demo/claims.mjs';
import { aSave, Bench } from './bench.mjs';
import { expectFine } from './expectations.mjs';
import { nameOf, traceProblem } from './strace.mjs';
import { Target } from './target.mjs';

/** The process dies right before each file operation of a save, in turn. What it leaves is the old key or the new one. */
export async function run({ claims, folder, vendor }) {
  const problem = await traceProblem();
  if (problem !== null) return console.log(`  skipped, deaths before each file operation: ${problem}`);
  const bench = new Bench(join(folder, 'keys'), vendor);
  await claims.claim(
    'a process that dies before any file operation of a save leaves a whole key',
    async () => {
      const target = new Target(bench, aSave, join(folder, 'strace.out'));
      await target.launch();
      const left = { old: 0, renewed: 0, other: 0 };
      for (const operation of target.operations) {
        await target.launch();
        await bench.reset();
        await bench.start();
        await target.strike(operation, 'signal=KILL', () => bench.renew().catch(() => {}));
        expectSame(`${nameOf(operation)}: the process`, bench.end, 'SIGKILL');
        const { holds, mode, others } = bench.files();
        left[holds] += 1;
        expectSame(`${nameOf(operation)}: mode`, mode, '600');

        await bench.launch();
        await bench.start();
        const { active, http, license, source } = await bench.look();
        const expected = { active: true, http: 200, serial: holds === 'old' ? 1 : 2, source: 'file' };
        expectSame(
          `${nameOf(operation)}: a start`,
          { active, http, serial: license?.serial, source },
          expected,
        );
        bench.age(others);
        await bench.restart();
        await bench.renew();
        await expectFine(bench);
      }
      expectSame('mixtures', left.other, 0);
      return `${target.operations.length} deaths left the old key ${left.old} times, the new one ${left.renewed} times`;
    },
  );
  await bench.close();
}
