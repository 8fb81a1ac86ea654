// Replacing the key file so that a power cut leaves the old one or the new one.
import { closeSync, fsyncSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FileLicenseStore } from '../../libs/license/dist/store/file-license-store.js';
import { alternate } from '../harness/alternate.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { loadPeer } from '../harness/peers.mjs';
import { Result } from '../harness/result.mjs';

export async function run({ quick, rounds }) {
  const result = new Result('durable-save', 'Durable save of the key file', 'ms');
  const deployment = await Deployment.create();
  const content = deployment.seal(deployment.issue());
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const store = new FileLicenseStore([join(folder, 'license.key')], () => {});
  const writeFileAtomic = await loadPeer('write-file-atomic');

  const bare = 'bare Node: write, fsync, rename, fsync of the directory';
  const bareAsync = 'the same through fs/promises';
  const ours = 'latchkey FileLicenseStore.write()';
  const variants = {
    [bare]: () => timed(() => bareSave(folder, content)),
    [bareAsync]: () => timed(() => bareSaveAsync(folder, content)),
    [ours]: () => timed(() => store.write(content)),
  };
  if (writeFileAtomic.version === null) result.missing(writeFileAtomic);
  else {
    const save = writeFileAtomic.module.default;
    variants[`write-file-atomic ${writeFileAtomic.version}`] = () =>
      timed(() => save(join(folder, 'd'), content, { mode: 0o600 }));
  }
  const samples = await alternate(variants, { rounds, warmUp: 1, slices: quick ? 15 : 60 });
  rmSync(folder, { recursive: true, force: true });
  result.measure(samples);
  result.compare('latchkey / bare', samples[ours], samples[bare], { atMost: 1.2 });
  result.compare('latchkey / bare through fs/promises', samples[ours], samples[bareAsync]);
  const [, , , peer] = Object.keys(variants);
  if (peer !== undefined)
    result.compare('write-file-atomic / latchkey', samples[peer], samples[ours], { atLeast: 2 });
  result.note(
    `in ${tmpdir()}, ${content.length} bytes; write-file-atomic does not sync the directory, so a power cut may undo it`,
  );
  return result;
}

async function timed(task) {
  const startedAt = performance.now();
  await task();
  return performance.now() - startedAt;
}

let count = 0;

function bareSave(folder, content) {
  count += 1;
  const temporary = join(folder, `a.${count}`);
  const file = openSync(temporary, 'wx', 0o600);
  writeSync(file, content);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, join(folder, 'a'));
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

async function bareSaveAsync(folder, content) {
  count += 1;
  const temporary = join(folder, `b.${count}`);
  const file = await open(temporary, 'wx', 0o600);
  await file.writeFile(content);
  await file.sync();
  await file.close();
  await rename(temporary, join(folder, 'b'));
  const directory = await open(folder, 'r');
  await directory.sync();
  await directory.close();
}
