import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { freePort } from '../free-port.mjs';
import { repository } from '../set-up.mjs';

const execute = promisify(execFile);

// What a build does not need, and whatever keys and licenses lie about here.
const leftOut = /^(node_modules|dist|coverage|\.git|.*\.(pem|key|lic))$/;
const isSource = (path) => !leftOut.test(basename(path));

// Of a PEM or license file: a line in the middle of the secret.
const middleLine = (path) => readFileSync(path, 'utf8').split('\n')[4];

/**
 * A copy of the repository with the files of one vendor and one customer in it, as deploy/README.md has them made,
 * and the containers that compose.yaml runs from it.
 */
export class Deployment {
  services = ['app-server', 'agent-server', 'app-runtime'];
  #ports = {};
  #variables = {};

  constructor(podman) {
    this.podman = podman;
    this.folder = join(podman.state, 'repository');
  }

  path(...names) {
    return join(this.folder, ...names);
  }

  /** Copies the repository and makes the keys. There is no license yet. */
  async prepare() {
    cpSync(repository, this.folder, { recursive: true, filter: isSource });
    await this.#latchkey('keygen', '--out', this.path('keys'));
    copyFileSync(this.path('keys/vendor.public.jwks.json'), this.path('deploy/vendor.public.jwks.json'));
    mkdirSync(this.path('deploy/secrets'), { recursive: true, mode: 0o700 });
    mkdirSync(this.path('deploy/license'), { recursive: true, mode: 0o755 });
    this.encryptionKey = this.path('deploy/secrets/encryption.key');
    writeFileSync(this.encryptionKey, await this.#latchkey('encryption-key'));
    chmodSync(this.encryptionKey, 0o444);
  }

  /** Issues a license. It is not yet where the license-server looks. */
  async issue() {
    const key = this.path('keys/vendor.private.pem');
    const terms = '--customer acme --product agent-os --edition enterprise --expires 2099-12-31'.split(' ');
    const out = this.path('license.lic');
    await this.#latchkey('issue', '--key', key, ...terms, '--out', out);
    chmodSync(out, 0o644);
  }

  /** Puts the license issued last where the license-server looks, in one step, as a customer would. */
  installLicense() {
    renameSync(this.path('license.lic'), this.path('deploy/license/license.lic'));
  }

  /** What must not be found in an image, by name. */
  secrets() {
    return {
      'the private key': middleLine(this.path('keys/vendor.private.pem')),
      'the license': middleLine(this.path('license.lic')),
      'the encryption key': readFileSync(this.encryptionKey, 'utf8').trim().split(':').at(-1),
    };
  }

  /** Starts everything. @param natsImage the broker's image */
  async up(natsImage) {
    const names = ['license-server', ...this.services];
    for (const name of names) this.#ports[name] = await freePort();
    this.#variables = {
      NATS_IMAGE: natsImage,
      ...Object.fromEntries(
        names.map((name) => [`${name.toUpperCase().replace('-', '_')}_PORT`, String(this.#ports[name])]),
      ),
    };
    await this.compose('up', '--detach', '--no-build');
  }

  compose(...args) {
    return this.podman.compose(this.folder, this.#variables, ...args);
  }

  /** The container of a service. */
  container(name) {
    return this.podman.run('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.service=${name}`);
  }

  /** Asks a service over HTTP. */
  async ask(name, path) {
    const response = await fetch(`http://127.0.0.1:${this.#ports[name]}${path}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(5000),
    });
    return { status: response.status, body: await response.json() };
  }

  async #latchkey(...args) {
    const { stdout } = await execute(process.execPath, [join(repository, 'dist/apps/cli/main.js'), ...args]);
    return stdout;
  }
}
