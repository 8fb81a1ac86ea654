// Somebody who may write into the directory of the key file: puts something else at its path, as fast as it can.
// Arguments: the directory of the things to put there (prepared by the test), and the path.
import { linkSync, readdirSync, readlinkSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const [things = '', path = ''] = process.argv.slice(2);
const next = `${path}.swap`;
const names = readdirSync(things, { withFileTypes: true });

process.send?.('ready');
for (let turn = 0; process.connected; turn += 1) {
  const thing = names[turn % names.length];
  const from = join(things, thing.name);
  // Never a moment without anything at the path: the swap is one rename.
  if (thing.isSymbolicLink()) symlinkSync(readlinkSync(from), next);
  else linkSync(from, next);
  renameSync(next, path);
  // The test's end arrives as an event, which a busy loop would never see.
  if (turn % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
}
