import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { findSerial } from './key-file.mjs';
import { restart } from './restart.mjs';

const writer = fileURLToPath(new URL('writer.mjs', import.meta.url));
const longestLifeMs = 60;
const temporary = /^license\.key\.[0-9a-f]{16}\.tmp$/;
const elevenMinutesMs = 11 * 60_000;

/** One folder with one key file: a process writes it, is killed, and what it left behind is looked at, again and again. */
export class Lane {
  /** What broke which rule. @type {Map<string, string[]>} */
  breaches = new Map();
  found = { kills: 0, inSave: 0, completed: 0, leftovers: 0, saves: 0 };
  #serial = 0;
  #isBroken = false;
  /** Temporary files that the last kill left. @type {string[]} */
  #young = [];

  /**
   * @param {string} folder
   * @param {import('../chaos/random.mjs').Random} random
   * @param {{ variables: Record<string, string> }} vendor
   */
  constructor(folder, random, vendor) {
    this.folder = folder;
    this.path = join(folder, 'license.key');
    this.random = random;
    this.vendor = vendor;
  }

  /** One life and death of the writing process, and the start after it. */
  async kill() {
    // A first key that is being written has no old one to fall back to.
    if (this.random.chance(0.05)) this.#wipe();
    const { found, saved, saving } = await this.#writeUntilKilled();
    this.#expect('start', found, `${this.#serial} ${this.#serial > 0}`);
    const inSave = saving > saved;
    const inFile = this.#serialInFile();
    this.#expectOneOf('whole', inFile, inSave ? [saved, saving] : [saved]);

    this.found.saves += saved - this.#serial;
    if (inSave) this.found.inSave += 1;
    if (inSave && inFile === saving) this.found.completed += 1;
    this.#serial = typeof inFile === 'number' ? inFile : saved;
    await this.#restart();
    this.found.kills += 1;
    if (this.#isBroken) this.#wipe(); // what follows is to break by itself
  }

  #wipe() {
    rmSync(this.folder, { recursive: true, force: true });
    this.#serial = 0;
    this.#isBroken = false;
    this.#young = [];
  }

  async #writeUntilKilled() {
    const child = spawn(process.execPath, [writer, this.path], {
      env: this.vendor.variables,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const closed = once(child, 'close');
    let output = '';
    const firstLine = new Promise((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text) => {
        output += text;
        if (output.includes('found ')) resolve();
      });
    });
    child.stderr.setEncoding('utf8').on('data', (text) => (output += `complaint ${text}\n`));
    await Promise.race([firstLine, closed]);
    await new Promise((resolve) => setTimeout(resolve, this.random.between(0, longestLifeMs)));
    child.kill('SIGKILL');
    await closed;
    if (child.signalCode !== 'SIGKILL') this.#breach('start', `the writer ended by itself:\n${output}`);
    return this.#read(output);
  }

  /** The last line may be cut off, which is a death before it was said. */
  #read(output) {
    const told = { found: '', saved: this.#serial, saving: this.#serial };
    for (const line of output.split('\n').slice(0, -1)) {
      const [word, ...rest] = line.split(' ');
      if (word === 'complaint') this.#breach('start', line);
      else told[word] = word === 'found' ? rest.join(' ') : Number(rest[0]);
    }
    return told;
  }

  /** @returns the serial of the key in the file, 0 without a file, or what is wrong with it */
  #serialInFile() {
    try {
      const serial = findSerial(this.path, this.vendor);
      if (serial > 0) this.#expect('mode', modeOf(this.path), '600');
      return serial;
    } catch (error) {
      return error.message;
    }
  }

  /** A service starts with everything else down. Of the temporary files, only those that are old by then may go. */
  async #restart() {
    const old = this.#young.filter((name) => this.#temporaryFiles().includes(name));
    const elevenMinutesAgoS = (Date.now() - elevenMinutesMs) / 1000;
    for (const name of old) utimesSync(join(this.folder, name), elevenMinutesAgoS, elevenMinutesAgoS);
    this.#young = this.#temporaryFiles().filter((name) => !old.includes(name));
    for (const name of this.#young) {
      this.#expect('leftovers', temporary.test(name) ? 'a temporary file' : name, 'a temporary file');
      this.#expect('mode', modeOf(join(this.folder, name)), '600');
    }
    this.found.leftovers += this.#young.length;

    const { active, serial, edition } = await restart(this.path, this.vendor);
    const expected = this.#serial > 0 ? `true ${this.#serial} enterprise` : 'false undefined community';
    this.#expect('restart', `${active} ${serial} ${edition}`, expected);
    this.#expect('leftovers', this.#temporaryFiles().toSorted().join(), this.#young.toSorted().join());
  }

  #temporaryFiles() {
    if (!existsSync(this.folder)) return []; // killed before there was anything
    return readdirSync(this.folder).filter((name) => name !== 'license.key');
  }

  #expect(rule, found, expected) {
    this.#expectOneOf(rule, found, [expected]);
  }

  #expectOneOf(rule, found, expected) {
    if (!expected.includes(found)) this.#breach(rule, `expected ${expected.join(' or ')}, found ${found}`);
  }

  #breach(rule, text) {
    this.#isBroken = true;
    this.breaches.set(rule, [...(this.breaches.get(rule) ?? []), `kill ${this.found.kills + 1}: ${text}`]);
  }
}

function modeOf(path) {
  return (statSync(path).mode & 0o777).toString(8);
}
