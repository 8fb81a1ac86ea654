import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** What the figures were measured on. */
export function describeMachine(natsServer) {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    openssl: process.versions.openssl,
    natsServer: execFileSync(natsServer, ['-v'], { encoding: 'utf8' }).trim(),
    loadBefore: os.loadavg().map((load) => Math.round(load * 100) / 100),
  };
}

export function machineText({ cpu, cores, memoryGiB, system, node, openssl, natsServer, loadBefore }) {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB; ${system}; Node ${node} (OpenSSL ${openssl}); ${natsServer}; load before ${loadBefore.join(' ')}`;
}
