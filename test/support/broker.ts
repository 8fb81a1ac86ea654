import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';

import { until } from '@latchkey/license/testing';

import { freePort } from '../../scripts/free-port.mjs';

// Debian installs it where a plain user's PATH may not look.
const program = existsSync('/usr/sbin/nats-server') ? '/usr/sbin/nats-server' : 'nats-server';

/** A real nats-server on a free port of this machine, to start, kill, freeze and start again. */
export class Broker {
  readonly url: string;
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly args: readonly string[],
  ) {
    this.url = `nats://127.0.0.1:${port}`;
  }

  /** A broker that is not started yet: its address is known and refuses connections. */
  static async reserve(...args: string[]): Promise<Broker> {
    return new Broker(await freePort(), args);
  }

  static async start(...args: string[]): Promise<Broker> {
    const broker = await Broker.reserve(...args);
    await broker.start();
    return broker;
  }

  /** @param args replace the arguments given before: another configuration on the same port */
  async start(...args: string[]): Promise<void> {
    const more = args.length > 0 ? args : this.args;
    this.#process = spawn(program, ['-a', '127.0.0.1', '-p', String(this.port), ...more], {
      stdio: 'ignore',
    });
    await until(() => this.#accepts());
  }

  /** Kills it without a good-bye, as a crash would. Does nothing when it is not running. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const exited = once(running, 'exit');
    running.kill('SIGKILL');
    await exited;
  }

  /** Stops it from answering while its connections stay open, until {@link thaw}. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  /** Has it read its configuration file again. */
  reload(): void {
    this.#process?.kill('SIGHUP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  #accepts(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.once('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
