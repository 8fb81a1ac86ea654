import { fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { signRevocation } from '@latchkey/license/issuing';
import { openKeyFile, verifySignedLicense, verifySignedRevocation } from '@latchkey/license/protocol';

import { expectSame } from '../../scripts/demo/claims.mjs';

const sharer = fileURLToPath(new URL('sharer.mjs', import.meta.url));
export const services = 5;
export const files = 8;
/** Of each file, in each round. */
export const wordsPerService = 4;
/** Who wrote looks again within less than this. */
const quietMs = 1_500;
const hourS = 3600;
/** A service puts right what lags by more than 10 min, and the file's own time is a little later than the one in it. */
const floorToleranceMs = 10 * 60_000 + 2_000;

/** Services that write the same key files at the same time, and one who reads them all the while. */
export class Race {
  /** What those who read found. */
  problems = [];
  reads = 0;
  texts = 0;
  #children = [];
  #serial = 0;
  /** The last text read, by path. */
  #last = new Map();

  constructor(folder, vendor, random) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.vendor = vendor;
    this.random = random;
    this.paths = Array.from({ length: files }, (_, index) => join(folder, `${index}`, 'license.key'));
  }

  async open() {
    const env = { PATH: process.env.PATH, ...this.vendor.variables };
    for (let index = 0; index < services; index += 1) {
      const child = fork(sharer, this.paths, { env });
      await once(child, 'message');
      this.#children.push(child);
    }
  }

  /** Everybody hears something at once. Resolves when all is quiet and right. @throws {Error} when it is not right */
  async run() {
    const dealt = this.paths.map(() => this.#deal());
    this.#serial += services * wordsPerService;
    const answers = this.#children.map(async (child, service) => {
      child.send(dealt.map(({ hands }) => hands[service]));
      const [answer] = await once(child, 'message');
      return answer;
    });
    const told = await this.#readingUntil(Promise.all(answers));
    for (const { complaints } of told) this.problems.push(...complaints);
    await this.#readingUntil(this.#quiet());
    for (const [index, path] of this.paths.entries()) {
      const { license, revocation, floorMs } = this.#read(path);
      const expected = { license: this.#serial, revocation: dealt[index].newestList };
      expectSame(path, { license, revocation }, expected);
      const latestMs = Math.max(...told.map(({ floors }) => floors[index]));
      if (latestMs - floorMs > floorToleranceMs) {
        throw new Error(
          `${path}: the latest time known is ${Math.round(latestMs - floorMs)} ms later than the one saved`,
        );
      }
    }
  }

  close() {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  /** The words about one file: any serial to anybody, in any order, issued at any time of the last hour. */
  #deal() {
    const { issuer } = this.vendor;
    const nowS = Math.floor(Date.now() / 1000);
    let newestList;
    const words = [];
    for (let next = 1; next <= services * wordsPerService; next += 1) {
      const serial = this.#serial + next;
      const iat = nowS - Math.floor(this.random.between(0, hourS));
      const list = { v: 1, iss: 'test-vendor', iat: nowS - hourS, serial, revoked: ['somebody-else'] };
      const hasList = next === 1 || this.random.chance(0.3);
      if (hasList) newestList = serial;
      words.splice(this.random.between(0, words.length + 1), 0, {
        license: issuer.issue({ serial, jti: `license-${serial}`, iat }),
        ...(hasList ? { revocation: signRevocation(list, issuer.key) } : {}),
      });
    }
    const hands = this.#children.map((_, service) =>
      words.slice(service * wordsPerService, (service + 1) * wordsPerService),
    );
    return { hands, newestList };
  }

  /** @returns what `task` gives; until then all files are read again and again */
  async #readingUntil(task) {
    const progress = { isOver: false };
    const over = task.finally(() => (progress.isOver = true));
    while (!progress.isOver) {
      for (const path of this.paths) this.#read(path);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return await over;
  }

  /** Resolves when no file has changed for a while. */
  async #quiet() {
    for (let before = -1; before !== this.texts;) {
      before = this.texts;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
    }
  }

  /** @returns the serials, and by how much the saved time is off that of this machine; undefined without a file */
  #read(path) {
    const { ring, keys } = this.vendor;
    try {
      const { text, mode, mtimeMs } = readOnce(path);
      this.reads += 1;
      if (text === this.#last.get(path)?.text) return this.#last.get(path);
      if ((mode & 0o777) !== 0o600) throw new Error(`mode ${(mode & 0o777).toString(8)}`);
      const { content } = openKeyFile(text, ring);
      const license = verifySignedLicense(content.license, keys).license.serial;
      const revocation = content.revocation && verifySignedRevocation(content.revocation, keys).serial;
      this.texts += 1;
      this.#last.set(path, { text, license, revocation, floorMs: content.timeFloorMs - mtimeMs });
    } catch (error) {
      if (error.code !== 'ENOENT') this.problems.push(`${path}: ${error.message}`);
    }
    return this.#last.get(path);
  }
}

/** What belongs together, although another file may take its place at any moment. */
function readOnce(path) {
  const descriptor = openSync(path, 'r');
  try {
    const { mode, mtimeMs } = fstatSync(descriptor);
    return { text: readFileSync(descriptor, 'latin1'), mode, mtimeMs };
  } finally {
    closeSync(descriptor);
  }
}
