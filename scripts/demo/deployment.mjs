import { copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { repository } from '../set-up.mjs';
import { eventually, expectSame } from './claims.mjs';
import { Service } from './service.mjs';
import { freePort } from '../free-port.mjs';

const serverProgram = join(repository, 'dist', 'apps', 'license-server', 'main.js');

/** What the customer runs: a broker, a license-server and services, with one encryption key among them. */
export class Deployment {
  #broker;
  #server;
  #brokerPort;
  #serverPort;

  /**
   * @param {import('./stage.mjs').Stage} stage
   * @param {import('./vendor.mjs').Vendor} vendor
   * @param {string} natsServer the program
   */
  static async create(stage, vendor, natsServer) {
    const ports = { broker: await freePort(), server: await freePort() };
    const deployment = new Deployment(stage, vendor.publicKeys, natsServer, ports);
    writeFileSync(deployment.keysFile, await vendor.latchkey('encryption-key'), { mode: 0o600 });
    return deployment;
  }

  constructor(stage, publicKeys, natsServer, ports) {
    this.stage = stage;
    this.publicKeys = publicKeys;
    this.natsServer = natsServer;
    this.#brokerPort = ports.broker;
    this.#serverPort = ports.server;
  }

  /** Where the server reads the license. */
  get licensePath() {
    return this.stage.path('license.lic');
  }

  /** Where the encryption key of this deployment is. */
  get keysFile() {
    return this.stage.path('encryption.keys');
  }

  get natsUrl() {
    return `nats://127.0.0.1:${this.#brokerPort}`;
  }

  get healthUrl() {
    return `http://127.0.0.1:${this.#serverPort}/health`;
  }

  /** A service of this deployment, not started yet, whose key file is `<its folder>/keys/license.key`. */
  service(name) {
    const keyFile = this.stage.path(name, 'keys', 'license.key');
    return new Service(this.stage, name, { ...this.variables, LICENSE_KEY_PATH: keyFile }, keyFile);
  }

  /** A service that is not told where to keep its key file. */
  serviceWithoutKeyPath(name) {
    const keyFile = this.stage.path('home', '.ai-agent-os', 'license.key');
    return new Service(this.stage, name, this.variables, keyFile);
  }

  /** Puts a license where the server reads it, in one step, as a careful operator does. */
  install({ file }) {
    copyFileSync(file, `${this.licensePath}.new`);
    renameSync(`${this.licensePath}.new`, this.licensePath);
  }

  async startBroker() {
    const address = ['-a', '127.0.0.1', '-p', String(this.#brokerPort)];
    this.#broker = this.stage.start('nats-server', this.natsServer, address);
    await eventually(async () => {
      this.#broker.assertRunning();
      expectSame('the broker', await accepts(this.#brokerPort), true);
    });
  }

  /** Starts the license-server and waits until it says that all is well. */
  async startServer() {
    this.#server = this.stage.start('license-server', process.execPath, [serverProgram], {
      ...this.variables,
      LICENSE_PATH: this.licensePath,
      LICENSE_PUBLIC_KEYS_FILE: this.publicKeys,
      LICENSE_PRODUCT: 'agent-os',
      LICENSE_PUBLISH_INTERVAL: '1s',
      HTTP_PORT: String(this.#serverPort),
    });
    await eventually(async () => {
      this.#server.assertRunning();
      const { status } = await (await fetch(this.healthUrl)).json();
      expectSame('health of the license-server', status, 'ok');
    });
  }

  /** Kills both as a power cut would. */
  async killBrokerAndServer() {
    await Promise.all([this.#broker.kill(), this.#server.kill()]);
  }

  /** @throws {Error} when one of the two still takes connections */
  async assertEverythingIsDown() {
    const ports = [this.#brokerPort, this.#serverPort];
    expectSame('connections taken', await Promise.all(ports.map(accepts)), [false, false]);
  }

  /** What every program of this deployment finds in its environment. */
  get variables() {
    return { NATS_URL: this.natsUrl, LICENSE_ENCRYPTION_KEYS_FILE: this.keysFile };
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
