import { mkdirSync, writeFileSync } from 'node:fs';

import { Part } from './part.mjs';

/** What a broker can be configured to be like. Each is a valid configuration that an operator may load. */
export const configurations = {
  open: '',
  'that wants a password': 'authorization { user: somebody, password: else }',
  'that forbids the subjects': `
    authorization { users: [{ user: anybody, password: anybody, permissions: {
      publish: { deny: "license.>" }, subscribe: { deny: "license.>" } } }] }
    no_auth_user: anybody`,
};

/** One nats-server, alone or of a cluster. */
export class Broker extends Part {
  jetStream = true;

  /**
   * @param {import('../../scripts/demo/stage.mjs').Stage} stage
   * @param {string} program nats-server
   * @param {import('./loopback.mjs').Address} address
   * @param {import('./loopback.mjs').Address[]} cluster all of it
   */
  constructor(stage, name, program, address, cluster) {
    super(stage, name);
    this.program = program;
    this.address = address;
    this.cluster = cluster;
  }

  get url() {
    return `nats://${this.address.host}:${this.address.port}`;
  }

  /** @param {...string} more arguments of nats-server */
  start(...more) {
    this.#configure('open');
    this.launch([this.program, '-c', this.path('nats.conf'), ...more]);
  }

  /** Loads another configuration without a restart. @param {keyof typeof configurations} kind */
  reconfigure(kind) {
    this.#configure(kind);
    this.signal('SIGHUP');
  }

  /** Keeps what it says about its clients and routes, for whoever wants to know why one of them is deaf. */
  async describe() {
    const { host, monitorPort } = this.address;
    if (monitorPort === undefined) return;
    for (const page of ['connz', 'routez', 'subsz']) {
      const answer = await fetch(`http://${host}:${monitorPort}/${page}?subs=detail`).catch(() => null);
      if (answer?.ok) writeFileSync(this.path(`${page}.json`), await answer.text());
    }
  }

  #configure(kind) {
    const { host, port, clusterPort, monitorPort } = this.address;
    const routes = this.cluster.map((other) => `nats://${other.host}:${other.clusterPort}`);
    const cluster = `cluster {
      name: chaos, listen: "${host}:${clusterPort}", routes: ${JSON.stringify(routes)}
      no_advertise: true # clients know what they were told only
    }`;
    mkdirSync(this.path(), { recursive: true });
    writeFileSync(
      this.path('nats.conf'),
      `server_name: ${this.name}
      listen: "${host}:${port}"
      ping_interval: "2s", ping_max: 2, write_deadline: "2s"
      ${monitorPort === undefined ? '' : `http: "${host}:${monitorPort}"`}
      ${this.jetStream ? `jetstream { store_dir: "${this.path('jetstream')}" }` : ''}
      ${routes.length > 1 ? cluster : ''}
      ${configurations[kind]}\n`,
    );
  }
}
