import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { connect } from 'nats';

import { sealedMessage, sealLicense } from '@latchkey/license/protocol';

import { eventually } from '../../scripts/demo/claims.mjs';
import { freePort } from '../../scripts/free-port.mjs';
import { ensureNatsServer } from '../../scripts/set-up.mjs';

const limitMs = 60_000;

/** A broker that dies and comes back, and a license-server that says the same thing until it is heard. */
export class Radio {
  #broker;

  static async open(vendor) {
    const radio = new Radio();
    radio.vendor = vendor;
    radio.port = await freePort();
    return radio;
  }

  get url() {
    return `nats://127.0.0.1:${this.port}`;
  }

  start() {
    const args = ['-a', '127.0.0.1', '-p', String(this.port)];
    this.#broker = spawn(ensureNatsServer(), args, { stdio: 'ignore' });
  }

  async kill() {
    this.#broker?.kill('SIGKILL');
    await once(this.#broker, 'exit');
    this.#broker = undefined;
  }

  /** Broadcasts a license again and again, until `isHeard`. @returns {Promise<number>} how long it took, in ms */
  async say(license, isHeard) {
    const startMs = performance.now();
    const connection = await eventually(() => connect({ servers: this.url, reconnect: false }));
    try {
      while (!(await isHeard())) {
        if (performance.now() - startMs > limitMs) throw new Error(`not heard in ${limitMs / 1000} s`);
        const sealed = sealLicense({ sealedAtMs: Date.now(), server: 'radio', license }, this.vendor.ring);
        connection.publish(
          'license.key',
          JSON.stringify({ pattern: 'license.key', data: sealedMessage(sealed) }),
        );
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    } finally {
      await connection.close();
    }
    return performance.now() - startMs;
  }
}
