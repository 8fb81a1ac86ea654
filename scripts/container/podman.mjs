import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { installDebianPackages, isOnPath, NoContainers } from './packages.mjs';

const execute = promisify(execFile);

/** Podman with a store, networks and locks of its own: nothing it does is seen by, or left to, the machine's own. */
export class Podman {
  // Paths of sockets in it are bounded, and /tmp may be memory.
  state = mkdtempSync('/var/tmp/latchkey-containers-');
  #env = {
    ...process.env,
    CONTAINERS_CONF: join(this.state, 'containers.conf'),
    CONTAINERS_STORAGE_CONF: join(this.state, 'storage.conf'),
    TMPDIR: this.state,
  };

  #closing = new AbortController();

  /**
   * Finds podman and podman-compose, or installs them where that takes no question: as root on Debian.
   *
   * @throws {NoContainers} with the reason, where containers cannot be run
   */
  static async open() {
    if (process.platform !== 'linux') throw new NoContainers(`needs Linux, found ${process.platform}`);
    if (process.getuid() !== 0) throw new NoContainers('needs root');
    if (!isOnPath('podman') || !isOnPath('podman-compose')) {
      await installDebianPackages('podman', 'podman-compose', 'runc', 'netavark', 'aardvark-dns', 'iptables');
    }
    const podman = new Podman();
    try {
      podman.#configure();
      await podman.run('info');
      return podman;
    } catch (error) {
      podman.close();
      throw new NoContainers(`podman does not run here: ${error.message}`);
    }
  }

  #configure() {
    // No systemd and no right to raise limits are taken for granted: this also runs inside a container.
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const atMost = (label, wanted) => {
      const hard = Number(new RegExp(`^${label} +\\S+ +(\\d+)`, 'm').exec(limits)?.[1] ?? wanted);
      return Math.min(hard, wanted);
    };
    const nofile = atMost('Max open files', 20_000);
    const nproc = atMost('Max processes', 4096);
    mkdirSync(join(this.state, 'networks'));
    writeFileSync(
      this.#env.CONTAINERS_CONF,
      `[containers]
default_ulimits = ["nofile=${nofile}:${nofile}", "nproc=${nproc}:${nproc}"]
log_driver = "k8s-file"
[engine]
${isOnPath('runc') ? 'runtime = "runc"' : ''}
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "${this.state}/tmp"
[network]
network_backend = "netavark"
network_config_dir = "${this.state}/networks"
`,
    );
    writeFileSync(
      this.#env.CONTAINERS_STORAGE_CONF,
      `[storage]
driver = "overlay"
runroot = "${this.state}/run"
graphroot = "${this.state}/graph"
`,
    );
  }

  /** @returns what it prints, without white space around. @throws {Error} with its last line, when it fails */
  run(...args) {
    return this.#execute('podman', args);
  }

  /** Runs podman-compose for the project in `folder`. */
  compose(folder, variables, ...args) {
    const project = ['--file', join(folder, 'compose.yaml'), '--project-name', 'latchkey-test'];
    return this.#execute('podman-compose', [...project, ...args], variables);
  }

  /** Builds an image. Docker's format, because only that one has HEALTHCHECK. */
  build(folder, tag, ...args) {
    const bundle = process.env.NODE_EXTRA_CA_CERTS || process.env.SSL_CERT_FILE;
    const ca = bundle && existsSync(bundle) ? ['--secret', `id=ca,src=${bundle}`] : [];
    const fixed = ['--isolation', 'chroot', '--network', 'host', '--format', 'docker', '--layers'];
    // A build that is broken off leaves its processes and mounts behind, unless they have a namespace to die with.
    const own = ['--mount-proc', '--pid', '--fork', '--kill-child', 'podman', 'build'];
    const all = [...own, ...fixed, ...ca, ...args, '--tag', tag, folder];
    return this.#execute('unshare', all, {}, 'podman build');
  }

  async #execute(command, args, variables = {}, what = `${command} ${args[0]}`) {
    const options = {
      env: { ...this.#env, ...variables },
      timeout: 10 * 60_000,
      maxBuffer: 64 * 1024 * 1024,
      signal: this.#closing.signal,
      killSignal: 'SIGKILL',
    };
    try {
      const { stdout } = await execute(command, args, options);
      return stdout.trim();
    } catch (error) {
      const said = `${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim().split('\n').slice(-5).join('\n');
      throw new Error(`${what} failed: ${said || error.message}`, { cause: error });
    }
  }

  /** Ends whatever it started, also in the middle of a build, and removes everything it made. */
  close() {
    this.#closing.abort();
    const quietly = (command, ...args) => spawnSync(command, args, { env: this.#env, stdio: 'ignore' });
    quietly('podman', 'rm', '--all', '--force', '--time', '0', '--volumes');
    quietly('podman', 'network', 'prune', '--force');
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .filter((path) => path.startsWith(`${this.state}/`));
    for (const path of mounts.toReversed()) quietly('umount', '--lazy', path);
    rmSync(this.state, { recursive: true, force: true, maxRetries: 5 });
  }
}
