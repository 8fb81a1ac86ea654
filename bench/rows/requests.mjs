// The license-server answering requests, 100 at a time.
import { alternate } from '../harness/alternate.mjs';
import { Broker } from '../harness/broker.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { LicenseServer } from '../harness/license-server.mjs';
import { processorMs, Program } from '../harness/programs.mjs';
import { Result } from '../harness/result.mjs';

export async function run({ quick, rounds }) {
  const result = new Result('requests', 'Server answering requests, 100 at a time', 'replies/s');
  const deployment = await Deployment.create();
  const broker = await Broker.start();
  const sealed = deployment.seal(deployment.issue());
  const responder = (kind, prefix) =>
    Program.start('responder', {
      args: [kind, broker.url, `${prefix}.key.request`, `${prefix}-servers`, sealed],
    });
  const raw = await responder('raw', 'raw');
  const stock = await responder('stock', 'stock');
  const pids = { raw: await raw.call('ready'), stock: await stock.call('ready') };
  const server = await LicenseServer.start(deployment, {
    url: broker.url,
    subjectPrefix: 'latchkey',
  });
  pids.latchkey = server.pid;
  const requester = await Program.start('requester', { args: [broker.url, deployment.encryptionKeys] });

  const count = quick ? 20_000 : 30_000;
  const cpu = { raw: [], stock: [], latchkey: [] };
  const measure = (prefix) => async () => {
    const before = processorMs(pids[prefix]);
    const tookMs = await requester.call('ask', prefix, { count, atATime: 100 });
    cpu[prefix].push(((processorMs(pids[prefix]) - before) * 1000) / count);
    return (count * 1000) / tookMs;
  };
  const variants = {
    'raw responder, ready-made reply': measure('raw'),
    'stock Nest handler': measure('stock'),
    'license-server': measure('latchkey'),
  };
  const warmUp = quick ? 1 : 2;
  const samples = await alternate(variants, { rounds, warmUp });
  const [rawLabel, stockLabel, ours] = Object.keys(variants);
  result.measure(samples);
  for (const prefix of Object.keys(cpu)) cpu[prefix] = cpu[prefix].slice(warmUp);
  result.measure(
    { 'raw responder: CPU per reply': cpu.raw, 'license-server: CPU per reply': cpu.latchkey },
    'µs',
  );
  result.compare('license-server / raw', samples[ours], samples[rawLabel], { atLeast: 0.8 });
  result.compare('stock Nest handler / raw', samples[stockLabel], samples[rawLabel]);
  for (const program of [requester, raw, stock]) await program.stop();
  await server.stop();
  await broker.stop();
  return result;
}
