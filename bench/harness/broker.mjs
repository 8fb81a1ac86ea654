import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '../../scripts/free-port.mjs';
import { ensureNatsServer } from '../../scripts/set-up.mjs';
import { kept } from './children.mjs';

/** A real nats-server on loopback. */
export class Broker {
  static async start() {
    const broker = new Broker();
    broker.port = await freePort();
    broker.url = `nats://127.0.0.1:${broker.port}`;
    broker.child = kept(
      spawn(ensureNatsServer(), ['-a', '127.0.0.1', '-p', String(broker.port)], { stdio: 'ignore' }),
    );
    while (!(await accepts(broker.port))) await sleep(20);
    return broker;
  }

  get pid() {
    return this.child.pid;
  }

  async stop() {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => resolve(true) || socket.destroy());
    socket.once('error', () => resolve(false));
  });
}
