import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const ip = ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'].find((path) => existsSync(path));
let made = 0;

/**
 * Several machines, each a network namespace of its own with one broker, joined by a bridge in one more. Takes
 * Linux, root and iproute2.
 *
 * @implements {import('./loopback.mjs').Network}
 */
export class Namespaces {
  #prefix;
  #count;

  /** @returns {string | null} why this machine cannot have any; null when it can */
  static missing() {
    if (process.platform !== 'linux')
      return `network namespaces are a thing of Linux, this is ${process.platform}`;
    if (process.getuid() !== 0) return 'making network namespaces takes root';
    if (ip === undefined) return 'the program ip (package iproute2) was not found';
    try {
      new Namespaces(1).close();
      return null;
    } catch (error) {
      return `network namespaces cannot be made here: ${error.message.trim()}`;
    }
  }

  /** @param {number} count of machines, numbered from 0 */
  constructor(count) {
    made += 1;
    this.#prefix = `latchkey-${process.pid}-${made}-`;
    this.#count = count;
    process.once('exit', this.close);
    const hub = this.#name('hub');
    run('netns', 'add', hub);
    run('-n', hub, 'link', 'add', 'bridge', 'type', 'bridge');
    run('-n', hub, 'link', 'set', 'bridge', 'up');
    for (let index = 0; index < count; index += 1) {
      const host = this.#name(index);
      run('netns', 'add', host);
      run('-n', host, 'link', 'set', 'lo', 'up');
      run('link', 'add', 'eth0', 'netns', host, 'type', 'veth', 'peer', 'name', `port${index}`, 'netns', hub);
      run('-n', hub, 'link', 'set', `port${index}`, 'master', 'bridge', 'up');
      run('-n', host, 'address', 'add', `${address(index)}/24`, 'dev', 'eth0');
      run('-n', host, 'link', 'set', 'eth0', 'up');
      // The kernel gives up a peer that is silent for about 3 s; the brokers by themselves would after a minute.
      run('netns', 'exec', host, 'sh', '-c', 'echo 3 > /proc/sys/net/ipv4/tcp_retries2');
    }
  }

  placeBrokers(count) {
    return Array.from({ length: count }, (_, index) => ({
      host: address(index),
      port: 4222,
      clusterPort: 6222,
    }));
  }

  /** The broker on its own machine, and no other. */
  natsUrl(_name, index) {
    return `nats://${address(index)}:4222`;
  }

  commandFor(index) {
    return [ip, 'netns', 'exec', this.#name(index)];
  }

  /** No packet passes between this machine and the others any more, and nobody is told. */
  isolate(index) {
    this.#route('add', index);
  }

  heal(index) {
    this.#route('del', index);
  }

  close = () => {
    process.off('exit', this.close);
    for (const host of [...Array(this.#count).keys(), 'hub']) {
      try {
        run('netns', 'del', this.#name(host));
      } catch {
        // it was never made
      }
    }
  };

  #route(verb, index) {
    for (let other = 0; other < this.#count; other += 1) {
      if (other === index) continue;
      run('-n', this.#name(index), 'route', verb, 'blackhole', `${address(other)}/32`);
      run('-n', this.#name(other), 'route', verb, 'blackhole', `${address(index)}/32`);
    }
  }

  #name(host) {
    return `${this.#prefix}${host}`;
  }
}

function address(index) {
  return `192.0.2.${index + 1}`;
}

function run(...args) {
  execFileSync(ip, args, { encoding: 'utf8', stdio: 'pipe' });
}
