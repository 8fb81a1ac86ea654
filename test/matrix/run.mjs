// npm run test:matrix: the packed tarball in fresh host applications of every kind that is supported, on the oldest and
// the newest Node; --all for every Node, every kind and every scene. The last line is "N passed, N failed"; what
// could not be had on this machine is skipped, counted, and it says why.
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Claims } from '../../scripts/demo/claims.mjs';
import { Stage } from '../../scripts/demo/stage.mjs';
import { ensureBuilt, ensureDependencies, ensureNatsServer } from '../../scripts/set-up.mjs';
import { Npm } from './npm.mjs';

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    short: { type: 'boolean' }, // the default
    only: { type: 'string' }, // consumers or nest-add, while working on one of them
  },
});
ensureDependencies();
ensureBuilt();
const natsServer = ensureNatsServer();
const { playMatrix } = await import('./matrix.mjs');

const stage = new Stage('matrix');
const claims = new Claims();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    stage.closeNow();
    process.exit(130);
  });
}
const startMs = performance.now();
mkdirSync(stage.path('empty-home'));
const npm = await Npm.create(stage.path('empty-home'));
const skipped = await playMatrix({
  stage,
  claims,
  npm,
  natsServer,
  complete: values.all,
  only: values.only,
}).catch((error) => {
  claims.fail('the matrix broke off', error);
  return [];
});
if (claims.failed > 0) console.log(`\n  what was left, with a log of every program: ${stage.folder}`);
for (const reason of skipped) console.log(`  - skipped: ${reason}`);
console.log(`\n${((performance.now() - startMs) / 1000).toFixed(1)} s in all, ${skipped.length} skipped`);
await stage.close({ keepFolder: claims.failed > 0 });
console.log(`${claims.passed} passed, ${claims.failed} failed`);
process.exitCode = claims.failed === 0 ? 0 : 1;
