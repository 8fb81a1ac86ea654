import { generateEncryptionKey } from '@latchkey/license/issuing';

import { Stage } from '../../scripts/demo/stage.mjs';
import { ensureNatsServer } from '../../scripts/set-up.mjs';
import { Broker } from './broker.mjs';
import { FleetHost } from './fleet.mjs';
import { Forger } from './forger.mjs';
import { LicenseServer } from './license-server.mjs';
import { pause, seconds } from './time.mjs';
import { Vendor } from './vendor.mjs';

const clocksOffMs = [-5_000, 0, 5_000];

/** One deployment: brokers, license-servers and a fleet of instances, on some network. */
export class World {
  stage = new Stage();
  /** @type {Broker[]} */
  brokers = [];
  /** @type {LicenseServer[]} */
  servers = [];
  /** @type {FleetHost[]} */
  hosts = [];

  /**
   * Nothing is started yet.
   *
   * @param {import('./loopback.mjs').Network} network
   * @param {object} size
   * @param {number} size.brokers
   * @param {number} size.servers
   * @param {number} size.hosts
   * @param {number} size.instances on each host
   * @param {string} [size.publishInterval]
   */
  static async create(network, size) {
    const world = new World();
    const { stage } = world;
    world.network = network;
    world.vendor = await Vendor.open();
    world.encryptionKeys = generateEncryptionKey('chaos');
    const keys = { LICENSE_ENCRYPTION_KEYS: world.encryptionKeys };
    world.forger = await Forger.open(world.vendor, world.encryptionKeys);
    const addresses = await network.placeBrokers(size.brokers);
    world.brokers = await makeEach('broker', size.brokers, (name, index) => {
      return new Broker(stage, name, ensureNatsServer(), addresses[index], addresses);
    });
    world.servers = await makeEach('server', size.servers, async (name, index) => {
      const variables = {
        ...keys,
        LICENSE_PUBLIC_KEYS: JSON.stringify(world.vendor.issuer.trustedKeys),
        LICENSE_PUBLISH_INTERVAL: size.publishInterval ?? '5m',
        NATS_URL: await network.natsUrl(name, index),
      };
      return new LicenseServer(stage, name, variables, clocksOffMs[index % clocksOffMs.length]);
    });
    world.hosts = await makeEach('host', size.hosts, async (name, index) => {
      const variables = { ...keys, NATS_URL: await network.natsUrl(name, index) };
      return new FleetHost(stage, name, world.vendor, size.instances, variables);
    });
    for (const list of [world.brokers, world.servers, world.hosts]) {
      for (const [index, part] of list.entries()) part.within = network.commandFor(index);
    }
    for (const server of world.servers) server.install(world.vendor.newest);
    return world;
  }

  get parts() {
    return [...this.brokers, ...this.servers, ...this.hosts];
  }

  get histories() {
    return this.hosts.flatMap((host) => [...host.histories.values()]);
  }

  start() {
    for (const part of this.parts) part.start();
  }

  /** Takes in what the instances said. @throws {Error} when something ended by itself */
  observe() {
    for (const host of this.hosts) host.listen();
    for (const part of this.parts) part.assertNotCrashed();
  }

  /**
   * Waits until {@link hasConverged}.
   *
   * @returns how long it took, in ms
   * @throws {Error} naming who has not by then, or what crashed
   */
  async convergence(limitMs) {
    const fromMs = performance.now();
    await this.eventually(() => this.hasConverged(), limitMs);
    return performance.now() - fromMs;
  }

  /** @throws {Error} with what everybody believes, when the condition is not met in time; or what crashed */
  async eventually(condition, limitMs) {
    const endMs = performance.now() + limitMs;
    for (;;) {
      this.observe();
      if (condition()) return;
      if (performance.now() > endMs) break;
      await pause();
    }
    await Promise.all(this.brokers.map((broker) => broker.describe()));
    const { serial } = this.vendor.newest;
    const behind = this.histories
      .filter((history) => !history.holds(serial))
      .map(({ name, now }) => `${name} ${JSON.stringify(now)}`);
    throw new Error(
      `not within ${seconds(limitMs)}; other than by license ${serial} run\n    ${behind.slice(0, 20).join('\n    ')}`,
    );
  }

  /** True when every instance runs by the newest license and has it on its disk. */
  hasConverged() {
    return this.hosts.every((host) => host.holds(this.vendor.newest.serial));
  }

  async close({ keepFolder }) {
    await Promise.all(this.parts.map((part) => part.kill()));
    this.network.close();
    await this.stage.close({ keepFolder });
  }
}

/** Makes `broker-1`, `broker-2` and so on. */
function makeEach(kind, count, make) {
  return Promise.all(Array.from({ length: count }, (_, index) => make(`${kind}-${index + 1}`, index)));
}
