// One renewed license goes to a whole fleet, and every instance verifies it.
import { setTimeout } from 'node:timers/promises';

import { alternate } from '../harness/alternate.mjs';
import { Broker } from '../harness/broker.mjs';
import { Deployment } from '../harness/deployment.mjs';
import { Fleet } from '../harness/fleet.mjs';
import { LicenseServer } from '../harness/license-server.mjs';
import { Result } from '../harness/result.mjs';
import { median } from '../harness/statistics.mjs';

/** An instance opens ten broadcasts a second and leaves the others: a flood must not keep it busy. */
const pauseMs = 150;

export async function run({ quick, rounds }) {
  const result = new Result('renewal', 'One renewal to a whole fleet', 'ms');
  const deployment = await Deployment.create();
  const perInstance = [];
  for (const size of quick ? [10, 200] : [10, 100, 1_000, 10_000]) {
    const broker = await Broker.start();
    const server = await LicenseServer.start(deployment, { url: broker.url });
    const fleet = await Fleet.start(deployment, broker, size);
    const { licensed } = await fleet.coldStart('license');
    await server.stop(); // from here on the only voice is ours
    if (licensed < size) throw new Error(`only ${licensed} of ${size} started`);
    let missed = 0;
    const send = (handling) => async () => {
      const license = deployment.issue();
      const { serial } = JSON.parse(Buffer.from(license.split('.')[1], 'base64url').toString());
      const packet = deployment.packet(license);
      const { ms, there } = await fleet.broadcast('license.key', packet, handling, serial);
      missed += size - there;
      await setTimeout(pauseMs);
      return ms;
    };
    const name = size.toLocaleString('en-US');
    const samples = await alternate(
      {
        [`${name}: delivered, nothing done about it`]: send('counted'),
        [`${name}: delivered, bare node:crypto`]: send('opened and verified'),
        [`${name}: verified and in force`]: send('in force'),
      },
      { rounds, warmUp: 2 },
    );
    const [delivered, bare, verified] = Object.values(samples);
    result.measure(samples);
    result.compare(`${name}: in force / delivered`, verified, delivered, size >= 200 ? { atMost: 2.5 } : {});
    result.compare(`${name}: in force / bare node:crypto`, verified, bare);
    result.fact(`${name}: instances that did not converge, all rounds`, missed, missed === 0);
    perInstance.push({ size, ms: median(verified) });
    await fleet.end();
    await broker.stop();
  }
  result.series = [
    {
      title: 'Renewal to the last instance',
      x: 'instances',
      y: 'ms',
      points: perInstance.map(({ size, ms }) => [size, ms]),
    },
  ];
  result.note(
    'to the last of all; the same message on the same connections, once counted and thrown away, once opened and verified without any check (as in "Open and verify"), once put in force',
  );
  return result;
}
