// A new instance: from connected to licensed, beside one raw request and beside waiting for the next broadcast.
import { alternate } from '../harness/alternate.mjs';
import { Broker } from '../harness/broker.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { LicenseServer } from '../harness/license-server.mjs';
import { Program } from '../harness/programs.mjs';
import { Result } from '../harness/result.mjs';

const broadcastEveryS = 5 * 60;
const bootstrapTimeoutS = 10;

export async function run({ quick, rounds }) {
  const result = new Result('new-instance', 'A new instance: connected → licensed', 'ms');
  const deployment = await Deployment.create();
  const broker = await Broker.start();
  const server = await LicenseServer.start(deployment, { url: broker.url });
  const { publicKeys, encryptionKeys } = deployment;
  const given = JSON.stringify({ url: broker.url, publicKeys, encryptionKeys });
  const program = await Program.start('instance', { args: [given] });

  const saved = [];
  let starts = 0;
  let licensed = 0;
  const samples = await alternate(
    {
      'raw request on a connection that is there': () => program.call('rawRequestMs'),
      'new instance: licensed': async () => {
        starts += 1;
        const found = await program.call('start');
        if (found === null) return Infinity;
        licensed += 1;
        saved.push(found.savedMs);
        return found.licensedMs;
      },
    },
    { rounds, warmUp: 1, slices: quick ? 5 : 20 },
  );
  const [raw, ours] = Object.values(samples);
  result.measure(samples);
  result.measure({ 'new instance: saved as well, each start': saved });
  result.compare('licensed / raw request, p50', ours, raw, { atMost: 2 });
  result.fact('starts that were licensed', `${licensed} of ${starts}`, licensed === starts);
  result.fact(
    'waiting for the next broadcast instead, computed',
    `mean ${broadcastEveryS / 2} s; ${((bootstrapTimeoutS / broadcastEveryS) * 100).toFixed(1)} % within ${bootstrapTimeoutS} s`,
  );
  result.note(
    'a round is the median of its starts; every start has an empty disk, its own connection and all parts of an instance',
  );
  await program.stop();
  await server.stop();
  await broker.stop();
  return result;
}
