import 'reflect-metadata';
import { mkdirSync, readdirSync, watch } from 'node:fs';

import { NestFactory } from '@nestjs/core';
import { connect } from 'nats';

import { LicenseModule, LicenseService } from '@latchkey/license';
import { until } from '@latchkey/license/testing';

import { freePort } from '../../scripts/free-port.mjs';
import { Loopback } from '../chaos/loopback.mjs';
import { World } from '../chaos/world.mjs';

const size = { brokers: 1, servers: 1, hosts: 0, instances: 0 };
const keyFolder = ['instance', 'keys'];
const burst = 100;
const limitMs = 30_000;
/** Inboxes of requests stay open for 2 s. */
const settledLimitMs = 10_000;

/** One licensed instance in this process, on a real broker with a real license-server, and somebody who floods it. */
export class Soak {
  #keyFileWrites = 0;
  #flooded = 0;

  static async start() {
    if (globalThis.gc === undefined)
      throw new Error('expected node --expose-gc: run it by "npm run test:soak"');
    const soak = new Soak();
    soak.world = await World.create(new Loopback(), size);
    [soak.broker] = soak.world.brokers;
    [soak.server] = soak.world.servers;
    soak.monitorPort = await freePort();
    soak.#startBroker();
    soak.server.start();
    await until(async () => (await soak.#connections()).length > 0);
    soak.flooder = await connect({
      servers: soak.broker.url,
      name: 'flooder',
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    await soak.#startInstance();
    await until(() => soak.belief().persisted, limitMs);
    return soak;
  }

  get newestSerial() {
    return this.world.vendor.newest.serial;
  }

  /** What the instance believes. */
  belief() {
    const { license, persisted } = this.license.status;
    return { licensed: this.license.hasEdition('enterprise'), serial: license?.serial, persisted };
  }

  /** A flood of broadcasts, a renewal, and a restart of the broker. */
  async round(broadcasts) {
    await this.#flood(broadcasts);
    this.server.install(this.world.vendor.issue());
    await this.#untilUpToDate();
    await this.broker.kill();
    this.#startBroker();
    await until(async () => (await this.#connections()).length === 4, limitMs);
  }

  /** What the instance and the server hold now. */
  async measure() {
    // Whoever has not subscribed again, or left an inbox open, by then is what this is looking for.
    await until(async () => (await this.#connections()).every(isSettled), settledLimitMs).catch(() => {});
    const connections = await this.#connections();
    globalThis.gc();
    globalThis.gc();
    return {
      heapMb: process.memoryUsage().heapUsed / 2 ** 20,
      descriptors: { instance: descriptorsOf('self'), server: descriptorsOf(this.server.pid) },
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
      subscriptions: Object.fromEntries(connections.map(({ name, subscriptions }) => [name, subscriptions])),
      writes: this.#keyFileWrites,
    };
  }

  async stop() {
    this.watcher?.close();
    await this.app?.close();
    await this.flooder?.close();
    await this.world.close({ keepFolder: false });
  }

  #startBroker() {
    this.broker.start('-m', String(this.monitorPort));
  }

  async #startInstance() {
    const keyPath = this.world.stage.path(...keyFolder, 'license.key');
    mkdirSync(this.world.stage.path(...keyFolder), { recursive: true, mode: 0o700 });
    // Each write is one rename over the key file.
    this.watcher = watch(this.world.stage.path(...keyFolder), (event, name) => {
      if (event === 'rename' && name === 'license.key') this.#keyFileWrites += 1;
    });
    const module = LicenseModule.forRoot({
      product: 'agent-os',
      trustedKeys: this.world.vendor.issuer.trustedKeys,
      encryptionKeys: this.world.encryptionKeys,
      keyPath,
      nats: { servers: [this.broker.url], name: 'soaked' },
      environment: {},
    });
    this.app = await NestFactory.createApplicationContext(module, { logger: false });
    this.license = this.app.get(LicenseService);
  }

  async #untilUpToDate() {
    const wanted = JSON.stringify({ licensed: true, serial: this.newestSerial, persisted: true });
    await until(() => JSON.stringify(this.belief()) === wanted, limitMs);
  }

  /** Everything that there is, sealed anew each time. */
  async #flood(broadcasts) {
    const { forger } = this.world;
    for (let sent = 1; sent <= broadcasts; sent += 1) {
      this.#flooded += 1;
      const choice = forger.choices[this.#flooded % forger.choices.length];
      this.flooder.publish('license.key', forger.make(choice));
      if (sent % burst === 0) await this.flooder.flush();
    }
  }

  /** The connections that the broker sees. */
  async #connections() {
    const response = await fetch(`http://127.0.0.1:${this.monitorPort}/connz`, {
      headers: { connection: 'close' },
    });
    return (await response.json()).connections;
  }
}

/** One subscription each: for broadcasts, for requests, for the broker's answers. */
function isSettled({ name, subscriptions }) {
  return subscriptions === (name === 'flooder' ? 0 : 1);
}

function descriptorsOf(pid) {
  return readdirSync(`/proc/${pid}/fd`).length;
}
