import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openKeyFile, sealKeyFile } from '@latchkey/license/protocol';

import { ServiceProcess } from './service-process.mjs';

const settleLimitMs = 5_000;
const elevenMinutesMs = 11 * 60_000;

/** What a crash left behind: one that goes at the next start, and one that is too young to. */
const staleFile = `license.key.${'0'.repeat(16)}.tmp`;
export const youngFile = `license.key.${'1'.repeat(16)}.tmp`;

/** A licensed service, its key file, and two licenses: the old one, which the file holds at first, and its renewal. */
export class Bench {
  #service;

  /**
   * @param {string} folder of the key file, as the service sees it; belongs to the bench
   * @param {{ issuer: import('@latchkey/license/testing').TestIssuer, ring: object, variables: Record<string, string> }} vendor
   * @param {string[]} [prefix] a command to run the service by
   */
  constructor(folder, vendor, prefix = []) {
    this.folder = folder;
    this.path = join(folder, 'license.key');
    this.stale = join(folder, staleFile);
    this.young = join(folder, youngFile);
    this.vendor = vendor;
    this.prefix = prefix;
    this.old = vendor.issuer.issue({ serial: 1 });
    this.renewed = vendor.issuer.issue({ serial: 2 });
  }

  get pid() {
    return this.#service.pid;
  }

  /** The signal or code that ended the process of the service; null while it runs. */
  get end() {
    return this.#service.end;
  }

  /** A path of the service, as this process sees it: the service may have mounts of its own. */
  seen(path) {
    return this.prefix.length === 0 ? path : join(`/proc/${this.pid}/root`, path);
  }

  /** The process in which the service is started and stopped. It takes the place of one that there may be. */
  async launch() {
    await this.#service?.kill();
    this.#service = await ServiceProcess.launch(this.vendor.variables, this.prefix);
  }

  /** Nothing runs, and the folder holds the old key and what a crash left. */
  async reset() {
    await this.#service.stop();
    rmSync(this.seen(this.folder), { recursive: true, force: true });
    mkdirSync(this.seen(this.folder), { recursive: true, mode: 0o700 });
    const content = { license: this.old, timeFloorMs: Date.now() };
    writeFileSync(this.seen(this.path), sealKeyFile(content, this.vendor.ring), { mode: 0o600 });
    for (const name of [this.stale, this.young]) writeFileSync(this.seen(name), 'cut off', { mode: 0o600 });
    this.age([staleFile]);
  }

  /** Makes files of the folder look older than those that may still be somebody's at work. */
  age(names) {
    const longAgoS = (Date.now() - elevenMinutesMs) / 1000;
    for (const name of names) utimesSync(this.seen(join(this.folder, name)), longAgoS, longAgoS);
  }

  start() {
    return this.#service.start(this.path);
  }

  stop() {
    return this.#service.stop();
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  /**
   * The renewal comes from a license-server. Resolves once the service has saved it, or has said why not.
   *
   * @param {() => void} [meanwhile] called when it was heard, and is being saved
   */
  async renew(meanwhile = () => {}) {
    const before = await this.look();
    await this.#service.hear(this.renewed);
    meanwhile();
    const wasFailing = before.persistError !== null;
    await this.until(({ persisted, persistError: error }) => (error === null ? persisted : !wasFailing));
  }

  look() {
    return this.#service.look();
  }

  /** @returns what the service believes, once it fits. @throws {Error} when it does not soon, or the service has ended */
  async until(fits, limitMs = settleLimitMs) {
    const endMs = performance.now() + limitMs;
    for (;;) {
      const found = await this.look();
      if (fits(found)) return found;
      if (performance.now() > endMs) throw new Error(`still ${JSON.stringify(found)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** @returns {{ holds: string, floorMs: number, mode: string, others: string[] }} what is in the folder */
  files() {
    const { content } = openKeyFile(readFileSync(this.seen(this.path), 'latin1'), this.vendor.ring);
    const holds =
      content.license === this.old ? 'old' : content.license === this.renewed ? 'renewed' : 'other';
    const others = readdirSync(this.seen(this.folder)).filter((name) => name !== 'license.key');
    const floorMs = content.timeFloorMs;
    return { holds, floorMs, mode: (statSync(this.seen(this.path)).mode & 0o777).toString(8), others };
  }

  async close() {
    await this.#service?.kill();
  }
}

/** The service runs with the old key, and saves its renewal. */
export const aSave = {
  async prepare(bench) {
    await bench.reset();
    await bench.start();
  },
  act: (bench) => bench.renew(),
};
