import { connect } from 'nats';

import { eventually } from './claims.mjs';

const subject = 'license.key';

/**
 * Somebody on the bus who holds no key at all: listens, records, forges. Uses the package `nats`, which shares no
 * code with the connections of the services and the server.
 */
export class Bystander {
  /** Every broadcast heard so far. @type {Buffer[]} */
  #heard = [];
  #connection;

  static async join(url) {
    const bystander = new Bystander();
    const connection = await connect({ servers: url, name: 'bystander', reconnect: false });
    connection.subscribe(subject, {
      callback: (_error, message) => bystander.#heard.push(Buffer.from(message.data)),
    });
    await connection.flush();
    bystander.#connection = connection;
    return bystander;
  }

  /** The first broadcast heard since it joined; waits for one. */
  async firstBroadcast() {
    return await eventually(() => {
      const [first] = this.#heard;
      if (first === undefined) throw new Error('expected a broadcast on the bus, heard none');
      return first;
    });
  }

  /** Broadcasts `bytes` and returns once the broker has passed them on to everyone who listens. */
  async broadcast(bytes) {
    const from = this.#heard.length;
    this.#connection.publish(subject, bytes);
    await eventually(() => {
      if (!this.#heard.slice(from).some((message) => message.equals(bytes))) {
        throw new Error('expected the broker to deliver the forged message, it did not');
      }
    });
  }

  async leave() {
    await this.#connection.close();
  }
}
