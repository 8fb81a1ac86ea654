// The broadcast of every five minutes that brings what the instance holds already, in a new seal.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

import { openAndAccept, openSealedLicense, verifySignedLicense } from '@latchkey/license/protocol';

import { FileLicenseStore } from '../../libs/license/dist/store/file-license-store.js';
import { alternate } from '../harness/alternate.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { HandFedInstance } from '../harness/hand-fed-instance.mjs';
import { timed } from '../harness/loops.mjs';
import { Result } from '../harness/result.mjs';

export async function run({ quick, rounds }) {
  const result = new Result('unchanged-broadcast', 'An unchanged broadcast', 'µs');
  const deployment = await Deployment.create();
  const { ring, trustedKeys } = deployment;
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const instance = new HandFedInstance(
    deployment,
    new FileLicenseStore([join(folder, 'license.key')], () => {}),
  );
  const license = deployment.issue();
  instance.hear(deployment.packet(license));
  while (!instance.status.persisted) await sleep(20);
  // A young file is read again at each word; this one has come to rest.
  await sleep(2_500);

  const times = quick ? 40 : 200;
  const seals = Array.from({ length: times }, () => deployment.seal(license));
  const packets = Array.from({ length: times }, () => Buffer.from(deployment.packet(license)));
  let at = 0;
  const next = (list) => list[(at = (at + 1) % times)];
  const { state, policy } = instance;
  const full = 'a full verification';
  const variants = {
    [full]: timed(
      () =>
        verifySignedLicense(openSealedLicense(next(seals), ring).license, trustedKeys).license.serial === 1,
      times,
    ),
    'unchanged: opened and accepted': timed(
      () => openAndAccept(next(seals), 'broadcast', ring, state, policy).verdict.outcome === 'unchanged',
      times,
    ),
    'unchanged: all that an instance does': async () => {
      const startedAt = process.hrtime.bigint();
      for (let i = 0; i < times; i += 1) {
        instance.hear(next(packets));
        if (i % 10 === 9) await setImmediate(); // its local copy looks whether there is something to save
      }
      return Number(process.hrtime.bigint() - startedAt) / times;
    },
  };
  const samples = await alternate(variants, { rounds, warmUp: 3, slices: 15 });
  for (const label of Object.keys(samples)) samples[label] = samples[label].map((ns) => ns / 1000);
  result.measure(samples);
  const ratio = (label, reach) => result.compare(`${label} / full`, samples[label], samples[full], reach);
  ratio('unchanged: opened and accepted', { atMost: 0.35 });
  ratio('unchanged: all that an instance does', { atMost: 0.35 });
  const bytes = await bytesRead(async () => {
    for (let i = 0; i < 100; i += 1) {
      instance.hear(next(packets));
      await setImmediate();
    }
  });
  result.fact(
    'bytes read from and written to files in 100 of them',
    bytes ?? 'not known here',
    bytes === null || bytes === 0,
  );
  await instance.stop();
  rmSync(folder, { recursive: true, force: true });
  result.note(
    'all that an instance does: the packet, the seal, the status, the log, and one look at the key file (stat)',
  );
  return result;
}

/** What the task had the kernel read and write; null where nobody counts it. */
async function bytesRead(task) {
  const before = bytesSoFar();
  const own = bytesSoFar() - before; // looking costs some itself
  await task();
  const after = bytesSoFar();
  return before === null ? null : after - before - 2 * own;
}

function bytesSoFar() {
  try {
    const [, read, written] = /rchar: (\d+)\nwchar: (\d+)/.exec(readFileSync('/proc/self/io', 'latin1'));
    return Number(read) + Number(written);
  } catch {
    return null;
  }
}
