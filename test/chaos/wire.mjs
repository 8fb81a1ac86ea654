import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A wire from one part of the deployment to a broker, that can be cut without either side being told. */
export class Wire {
  #server;
  #pairs = new Set();
  #isCut = false;

  /** @param {number} port of the broker on this machine */
  static async to(port) {
    const wire = new Wire();
    wire.#server = createServer((near) => wire.#join(near, connect(port, '127.0.0.1')));
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    return wire;
  }

  /** The address to use instead of the broker's. */
  get url() {
    return `nats://127.0.0.1:${this.#server.address().port}`;
  }

  /** Nothing passes any more, and nobody is told: connections stay open, bytes wait. */
  cut() {
    this.#isCut = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  heal() {
    this.#isCut = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  /** Breaks every connection that there is. */
  drop() {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  close() {
    this.drop();
    this.#server.close();
  }

  #join(near, far) {
    const pair = [near, far];
    this.#pairs.add(pair);
    for (const [from, to] of [pair, pair.toReversed()]) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => {}); // 'close' follows
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      if (this.#isCut) from.pause();
    }
  }
}
