import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { repository } from '../set-up.mjs';

const cli = join(repository, 'dist', 'apps', 'cli', 'main.js');

/** The vendor's desk: everything on it is done with the real command line. */
export class Vendor {
  #licenses = 0;

  /** @param {import('./stage.mjs').Stage} stage */
  constructor(stage) {
    this.stage = stage;
    this.folder = stage.path('vendor');
    this.privateKey = join(this.folder, 'vendor.private.pem');
    this.publicKeys = join(this.folder, 'vendor.public.jwks.json');
  }

  /** Runs `latchkey` and returns what it prints. @throws {Error} with its message when it fails */
  async latchkey(...args) {
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args]);
      return stdout.trim();
    } catch (error) {
      throw new Error(`latchkey ${args[0]}: ${(error.stderr || error.message).trim()}`, { cause: error });
    }
  }

  /**
   * Issues an enterprise license for agent-os. Each is newer than the one before.
   *
   * @param {Date} expires
   * @param {string[]} more further arguments of `latchkey issue`
   * @returns {Promise<{ file: string, serial: number }>}
   */
  async issue(expires, ...more) {
    this.#licenses += 1;
    const file = join(this.folder, `license-${this.#licenses}.lic`);
    const what = ['--customer', 'acme', '--product', 'agent-os', '--edition', 'enterprise'];
    const when = ['--expires', expires.toISOString()];
    const how = ['--key', this.privateKey, '--out', file, '--output', 'json'];
    const { license } = JSON.parse(await this.latchkey('issue', ...what, ...when, ...more, ...how));
    return { file, serial: license.serial };
  }
}

/** A moment so many seconds from now; licenses know whole seconds. */
export function inSeconds(count) {
  return new Date((Math.floor(Date.now() / 1000) + count) * 1000);
}
