// What the module adds to the start of an application that has its local key: time to listening, and memory then.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { sealKeyFile } from '@latchkey/license/protocol';

import { alternate } from '../harness/alternate.mjs';
import { Broker } from '../harness/broker.mjs';
import { kept } from '../harness/children.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { Result } from '../harness/result.mjs';

const program = fileURLToPath(new URL('../programs/boot-app.mjs', import.meta.url));

export async function run({ quick }) {
  const result = new Result('boot', 'Boot with a local key, to listening', 'ms');
  const deployment = await Deployment.create();
  const broker = await Broker.start();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'));
  const keyPath = join(folder, 'license.key');
  const content = { license: deployment.issue(), timeFloorMs: Date.now() };
  writeFileSync(keyPath, sealKeyFile(content, deployment.ring), { mode: 0o600 });
  const { publicKeys, encryptionKeys } = deployment;
  const given = JSON.stringify({ publicKeys, encryptionKeys, keyPath, url: broker.url });

  const memory = { plain: [], licensed: [] };
  let loaded = 0;
  const boot = (kind) => async () => {
    const startedAt = process.hrtime.bigint();
    const child = kept(
      fork(program, [kind, given], { execArgv: ['--expose-gc'], serialization: 'advanced' }),
    );
    const [said] = await once(child, 'message');
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    memory[kind].push(said.rss / 2 ** 20);
    if (kind === 'licensed' && said.loaded) loaded += 1;
    return Number(said.listensAt - startedAt) / 1e6;
  };
  const warmUp = 2;
  const samples = await alternate(
    { plain: boot('plain'), licensed: boot('licensed') },
    { rounds: quick ? 8 : 40, warmUp },
  );
  const plainMemory = memory.plain.slice(warmUp);
  const licensedMemory = memory.licensed.slice(warmUp);
  result.measure({ 'without the module': samples.plain, 'with it': samples.licensed });
  result.measure({ 'memory without': plainMemory, 'memory with it': licensedMemory }, 'MiB');
  result.compare('with / without', samples.licensed, samples.plain, { atMost: 1.05 });
  result.add(
    'memory that it adds',
    licensedMemory.map((rss, i) => rss - plainMemory[i]),
    'MiB',
    { atMost: 3 },
  );
  result.fact('starts with the NATS driver loaded before listening', loaded, loaded === 0);
  result.note(
    'memory: resident set right after listening and a collection of garbage; pairs, one after the other',
  );
  await broker.stop();
  rmSync(folder, { recursive: true, force: true });
  return result;
}
