import { existsSync } from 'node:fs';

import { expectSame } from '../../scripts/demo/claims.mjs';
import { Namespaces } from './namespaces.mjs';
import { pause, seconds } from './time.mjs';
import { World } from './world.mjs';

// Three machines, each with a broker and a host that knows only this broker; the license-server is on the first.
const size = { brokers: 3, servers: 1, hosts: 3, instances: 2, publishInterval: '2s' };
const limitMs = 30_000;
/** A replica answers readers once it is seen to have caught up, which is looked at each second. */
const replicaSettleMs = 4_000;

/**
 * A cluster of brokers in networks that are cut apart and healed.
 *
 * @param {{ claims: import('../../scripts/demo/claims.mjs').Claims }} run
 */
export async function cluster({ claims }) {
  claims.scene('Cluster: three brokers with JetStream, on three machines');
  const missing = Namespaces.missing();
  if (missing !== null) {
    console.log(`  skipped: ${missing}`);
    return;
  }
  for (const scenario of [threeReplicas, oneReplica]) {
    const world = await World.create(new Namespaces(size.brokers), size);
    const failedBefore = claims.failed;
    try {
      await scenario(claims, world);
      await claims.claim('no instance broke a rule meanwhile', () => followedTheRules(world));
    } catch (error) {
      claims.fail('the run', error);
    }
    const hasFailed = claims.failed > failedBefore;
    await world.close({ keepFolder: hasFailed });
    if (hasFailed) console.log(`  logs: ${world.stage.folder}`);
  }
}

async function threeReplicas(claims, world) {
  const { network, vendor } = world;
  const [server] = world.servers;
  const [nearServer, , far] = world.hosts;
  const renew = () => server.install(vendor.issue());

  world.start();
  await claims.claim('all instances are enterprise, and every broker keeps the last broadcast', async () => {
    const tookMs = await world.convergence(limitMs);
    await world.eventually(() => keepers(world).length === 3, limitMs);
    await pause(replicaSettleMs);
    return `${world.histories.length} instances after ${seconds(tookMs)}, replicas on ${keepers(world).join()}`;
  });
  await claims.claim(
    'machine 3 is cut off and the license renewed: it stays enterprise, the others follow',
    async () => {
      network.isolate(2);
      renew();
      const others = world.hosts.filter((host) => host !== far);
      await world.eventually(() => others.every((host) => host.holds(vendor.newest.serial)), limitMs);
      return `serials ${serials(world)}`;
    },
  );
  await claims.claim('a brand-new instance there gets what its broker kept', async () => {
    await replace(far);
    await world.eventually(() => isLicensed(far), limitMs);
    return `serials ${serials(world)}`;
  });
  await claims.claim('machine 3 is joined again: it follows', async () => {
    network.heal(2);
    return `after ${seconds(await world.convergence(limitMs))}`;
  });
  await claims.claim(
    'machine 1, with the only license-server, is cut off and the license renewed there',
    async () => {
      network.isolate(0);
      renew();
      await world.eventually(() => nearServer.holds(vendor.newest.serial), limitMs);
      return `serials ${serials(world)}`;
    },
  );
  await claims.claim('machine 1 is joined again: the others follow', async () => {
    network.heal(0);
    return `after ${seconds(await world.convergence(limitMs))}`;
  });
  await claims.claim(
    'license-server and one broker are dead: brand-new instances become enterprise',
    async () => {
      await server.kill();
      await world.brokers[0].kill();
      const survivors = world.hosts.slice(1);
      for (const host of survivors) await replace(host);
      const fromMs = performance.now();
      await world.eventually(() => survivors.every(isLicensed), limitMs);
      return `after ${seconds(performance.now() - fromMs)}`;
    },
  );
}

/** Two of three brokers cannot hold three replicas. */
async function oneReplica(claims, world) {
  const [server] = world.servers;
  const [first, second, third] = world.brokers;
  await claims.claim('with only two brokers up, one of them keeps the last broadcast', async () => {
    for (const part of [first, second, server]) part.start();
    await world.eventually(() => keepers(world).length > 0, limitMs);
    await pause(1_000);
    expectSame('replicas', keepers(world).length, 1);
    return `on ${keepers(world).join()}`;
  });
  await claims.claim(
    'with the license-server dead, brand-new instances on all three machines become enterprise',
    async () => {
      third.start();
      await server.kill();
      for (const host of world.hosts) host.start();
      return `after ${seconds(await world.convergence(limitMs))}`;
    },
  );
}

/** The brokers that have the stream on their disk. */
function keepers(world) {
  return world.brokers
    .filter((broker) => existsSync(broker.path('jetstream', 'jetstream', '$G', 'streams', 'LICENSE')))
    .map((broker) => broker.name);
}

/** By whatever a broker kept: that may be one license behind. */
function isLicensed(host) {
  return [...host.histories.values()].every(({ now }) => now?.licensed);
}

async function replace(host) {
  await host.kill();
  host.wipe();
  host.start();
}

function serials(world) {
  return world.hosts
    .map(({ name, histories }) => `${name}: ${[...histories.values()].map(({ now }) => now?.serial).join()}`)
    .join('; ');
}

function followedTheRules(world) {
  world.observe();
  expectSame(
    'broken rules',
    world.histories.flatMap((history) => history.problems),
    [],
  );
  expectSame(
    'complaints',
    world.hosts.flatMap((host) => host.complaints),
    [],
  );
  return `${world.histories.length} histories`;
}
