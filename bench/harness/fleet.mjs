import { connect } from '@nats-io/transport-node';

import { Program } from './programs.mjs';

const limitMs = 90_000;
const mostPerHost = 2_500;

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const latest = (reports) => Math.max(...reports.map(({ lastAtMs }) => lastAtMs ?? Infinity));
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** A fleet of instances in a few processes, all with connections of their own to one broker. */
export class Fleet {
  /** @param {number} size of the fleet */
  static async start(deployment, broker, size) {
    const fleet = new Fleet();
    const hosts = Math.max(2, Math.ceil(size / mostPerHost));
    const { publicKeys, encryptionKeys } = deployment;
    const given = JSON.stringify({ url: broker.url, publicKeys, encryptionKeys });
    fleet.size = size;
    fleet.shares = Array.from({ length: hosts }, (_, i) => Math.floor((size + i) / hosts));
    fleet.hosts = await Promise.all(
      fleet.shares.map(() => Program.start('fleet-host', { args: [given], execArgv: ['--expose-gc'] })),
    );
    fleet.connection = await connect({ servers: broker.url });
    await fleet.#all('stop'); // they answer: they are ready
    return fleet;
  }

  /** All instances at once; how long until the last is licensed. */
  async coldStart(prefix) {
    const startedAt = nowMs();
    const reports = await Promise.all(
      this.hosts.map((host, i) => host.call('start', this.shares[i], prefix, limitMs)),
    );
    return { ms: latest(reports) - startedAt, licensed: sum(reports.map(({ licensed }) => licensed)) };
  }

  /**
   * Sends one broadcast; how long until the last instance is done with it.
   *
   * @param {'counted' | 'opened and verified' | 'in force'} handling what instances do about it
   * @param {number} serial of the license in it
   */
  async broadcast(subject, packet, handling, serial) {
    await this.#all('listen', handling);
    const awaited = handling === 'in force' ? serial : null;
    const converging = this.hosts.map((host) => host.callWhenReady('converged', awaited, limitMs));
    await Promise.all(converging.map(({ ready }) => ready));
    const sentAt = nowMs();
    this.connection.publish(subject, packet);
    const reports = await Promise.all(converging.map(({ done }) => done));
    return { ms: latest(reports) - sentAt, there: sum(reports.map(({ there }) => there)) };
  }

  stopInstances() {
    return this.#all('stop');
  }

  async end() {
    await this.connection.close();
    await Promise.all(this.hosts.map((host) => host.stop()));
  }

  #all(method, ...args) {
    return Promise.all(this.hosts.map((host) => host.call(method, ...args)));
  }
}
