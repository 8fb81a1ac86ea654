// Every instance of a fleet starts at the same moment, without a key file.
import { alternate } from '../harness/alternate.mjs';
import { Broker } from '../harness/broker.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { Fleet } from '../harness/fleet.mjs';
import { LicenseServer } from '../harness/license-server.mjs';
import { memoryMiB, Program } from '../harness/programs.mjs';
import { Result } from '../harness/result.mjs';

export async function run({ quick }) {
  const result = new Result('cold-start', 'Cold start of a whole fleet at once', 's');
  const deployment = await Deployment.create();
  for (const size of quick ? [200] : [1_000, 5_000, 10_000]) {
    const broker = await Broker.start();
    const server = await LicenseServer.start(deployment, { url: broker.url, subjectPrefix: 'latchkey' });
    const sealed = deployment.seal(deployment.issue());
    const raw = await Program.start('responder', {
      args: ['raw', broker.url, 'raw.key.request', 'raw-servers', sealed],
    });
    await raw.call('ready');
    const fleet = await Fleet.start(deployment, broker, size);
    let missed = 0;
    const memory = { empty: memoryMiB(broker.pid), full: 0 };
    const start = (prefix) => async () => {
      const { ms, licensed } = await fleet.coldStart(prefix);
      missed += size - licensed;
      memory.full = Math.max(memory.full, memoryMiB(broker.pid));
      await fleet.stopInstances();
      return ms / 1000;
    };
    const name = size.toLocaleString('en-US');
    const samples = await alternate(
      {
        [`${name}: raw responder, ready-made reply`]: start('raw'),
        [`${name}: license-server`]: start('latchkey'),
      },
      { rounds: 5, warmUp: 1 },
    );
    const [rawSamples, ours] = Object.values(samples);
    result.measure(samples);
    result.compare(`${name}: license-server / raw responder`, ours, rawSamples, { atMost: 1.15 });
    result.fact(`${name}: instances missed in all rounds`, missed, missed === 0);
    const perConnection = ((memory.full - memory.empty) * 1024) / size;
    result.fact(
      `${name}: memory of the broker, at most`,
      `${memory.full.toFixed(0)} MiB, ${perConnection.toFixed(0)} KiB a connection`,
    );
    await fleet.end();
    await raw.stop();
    await server.stop();
    await broker.stop();
  }
  result.note('to the last instance licensed; connecting included, which is most of it');
  return result;
}
