import { join } from 'node:path';

import { expectSame } from '../../scripts/demo/claims.mjs';
import { aSave, Bench } from './bench.mjs';
import { expectFine, expectReported } from './expectations.mjs';
import { nameOf, traceProblem } from './strace.mjs';
import { Target } from './target.mjs';

const errors = ['ENOSPC', 'EROFS', 'EACCES', 'EIO', 'EMFILE', 'EDQUOT', 'ELOOP', 'EISDIR', 'ENOTDIR'];
/** Between tracing and failing an operation the order of others may change, so that another one is hit, or none. */
const tries = 5;

/** What is done while an operation fails, and what must be true then. */
const scenes = {
  'a save': {
    ...aSave,
    async check(bench, error) {
      const { active, http, license, persisted, persistError, log } = await bench.look();
      expectSame(
        'the service',
        { active, http, serial: license.serial },
        { active: true, http: 200, serial: 2 },
      );
      const { holds, mode } = bench.files();
      expectSame('mode', mode, '600');
      if (persisted) expectSame('saved, and the file', holds, 'renewed');
      if (!persisted) expectReported(error, [persistError], log);
      return persisted ? 'saved' : `${holds} key in place, reported`;
    },
  },
  'a start': {
    prepare: (bench) => bench.reset(),
    act: (bench) => bench.start(),
    async check(bench, error) {
      const { active, http, lastRefusal, log } = await bench.look();
      expectSame('the gated route', http, active ? 200 : 402);
      const { holds, mode } = bench.files();
      expectSame('the file', { holds, mode }, { holds: 'old', mode: '600' });
      if (active) return 'licensed';
      if (error === 'ENOTDIR' && lastRefusal === null) return 'community: no such file';
      expectReported(error, [lastRefusal?.message], log);
      return 'community, reported';
    },
  },
};

/**
 * "Fail the N-th operation, for all N": every file operation of a save and of a start, with every error. Each time the
 * service must go on, the old key be intact, the reason be said, and the next word put everything right.
 *
 * @param {{ claims: import('../../scripts/demo/claims.mjs').Claims, folder: string, vendor: object, short: boolean }} run
 *   short: a third of the errors for each operation, in turn
 */
export async function run({ claims, folder, vendor, short }) {
  const problem = await traceProblem();
  if (problem !== null) return console.log(`  skipped, file operations that fail: ${problem}`);
  const bench = new Bench(join(folder, 'keys'), vendor);
  for (const [name, scene] of Object.entries(scenes)) {
    await claims.claim(`every file operation of ${name}, with every error`, async () => {
      const target = new Target(bench, scene, join(folder, 'strace.out'));
      await target.launch();
      const problems = [];
      let tried = 0;
      for (const [index, operation] of target.operations.entries()) {
        const some = errors.filter((_, at) => !short || at % 3 === index % 3);
        problems.push(...(await failWithEach(target, operation, some)));
        tried += some.length;
      }
      if (problems.length > 0)
        throw new Error(`${problems.length} times not:\n    ${problems.join('\n    ')}`);
      return `${target.operations.length} operations, which failed ${tried} times`;
    });
  }
  await bench.close();
}

/** @returns {Promise<string[]>} what went wrong */
async function failWithEach(target, operation, some) {
  const outcomes = new Map();
  const problems = [];
  for (const error of some) {
    try {
      const outcome = await attempt(target, operation, error);
      outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), error]);
    } catch (cause) {
      problems.push(`${nameOf(operation)} fails with ${error}: ${cause.message}`);
      await target.launch();
    }
  }
  const shown = [...outcomes].map(([outcome, those]) => `${outcome} (${those.join(', ')})`);
  console.log(`    ${nameOf(operation)}: ${shown.join('; ')}`);
  return problems;
}

async function attempt(target, operation, error) {
  const { bench, scene } = target;
  for (let i = 0; i < tries; i += 1) {
    await scene.prepare(bench);
    let outcome;
    const isHit = await target.strike(operation, `error=${error}`, async () => {
      outcome = await scene.act(bench).then(
        () => scene.check(bench, error),
        (cause) => cause,
      );
    });
    if (isHit && outcome instanceof Error) throw outcome;
    if (isHit) {
      await recover(bench);
      return outcome;
    }
    await target.launch(); // something else failed, which may be more than a process survives
  }
  throw new Error(`not hit in ${tries} tries`);
}

/** The cause is gone: the next word puts everything right, and the next start finds it so. */
async function recover(bench) {
  await bench.renew();
  expectSame('saved with the next word', (await bench.look()).persisted, true);
  await bench.restart();
  await expectFine(bench);
}
