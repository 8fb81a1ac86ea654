import { freePort } from '../../scripts/free-port.mjs';
import { Wire } from './wire.mjs';

/**
 * @typedef {{ host: string, port: number, clusterPort: number, monitorPort?: number }} Address of a broker
 *
 * @typedef {object} Network how the parts of a deployment reach each other
 * @property {(count: number) => Promise<Address[]> | Address[]} placeBrokers
 * @property {(name: string, index: number) => Promise<string> | string} natsUrl for the server or host of this name
 * @property {(index: number) => string[]} commandFor what to put before the command of the part with this number
 * @property {() => void} close
 */

/** Everything on one machine. @implements {Network} */
export class Loopback {
  addresses = [];

  async placeBrokers(count) {
    for (let index = 0; index < count; index += 1) {
      const [port, clusterPort, monitorPort] = [await freePort(), await freePort(), await freePort()];
      this.addresses.push({ host: '127.0.0.1', port, clusterPort, monitorPort });
    }
    return this.addresses;
  }

  natsUrl(_name) {
    return this.addresses.map(({ host, port }) => `nats://${host}:${port}`).join();
  }

  commandFor() {
    return [];
  }

  close() {}
}

/** The same, where every server and every host has its own wire to each broker. @implements {Network} */
export class WiredLoopback extends Loopback {
  /** In the order of the brokers. @type {Map<string, Wire[]>} by the name of the server or host */
  wires = new Map();

  async natsUrl(name) {
    const wires = await Promise.all(this.addresses.map(({ port }) => Wire.to(port)));
    this.wires.set(name, wires);
    return wires.map((wire) => wire.url).join();
  }

  close() {
    for (const wire of [...this.wires.values()].flat()) wire.close();
  }
}
