import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expectSame } from '../../scripts/demo/claims.mjs';
import { Bench } from '../faults/bench.mjs';
import { installDebianPackage } from '../faults/debian-package.mjs';
import { Radio } from './radio.mjs';

const fine = 'enterprise';
const setBack = 'enterprise, clock set back';
const ended = 'community, expired';

/**
 * Some cells of the clock table in a real process, whose system clock is turned. Its key file was written by an earlier
 * run; `patienceS` is how long a running instance may take to look at its clock.
 */
const cells = [
  { clock: '-10y', moment: 'at boot', meanwhile: setBack },
  { clock: '-1d', moment: 'at boot', meanwhile: setBack },
  { clock: '+1d', moment: 'at boot', meanwhile: fine },
  { clock: '+10y', moment: 'at boot', meanwhile: ended },
  { clock: '-10y', moment: 'running', meanwhile: setBack },
  { clock: '-1h', moment: 'while writing', meanwhile: setBack },
  { clock: '+1h', moment: 'while writing', meanwhile: fine },
  { clock: '+10y', moment: 'running', meanwhile: ended, patienceS: 65 },
  { clock: '+10y', moment: 'while writing', meanwhile: ended, patienceS: 65 },
];

/** Clocks that are turned while the broker is down. The driver alone would then stay away for that long. */
const whileAway = ['-1h', '+1d'];

/** @param {{ short: boolean }} run short: without the cells that take about a minute */
export async function run({ claims, folder, vendor, short }) {
  const problem = faketime() === undefined ? installDebianPackage('libfaketime') : null;
  if (problem !== null) return console.log(`  skipped, clocks of real processes: ${problem}`);
  mkdirSync(folder, { recursive: true });
  const wanted = cells.filter(({ patienceS }) => !short || patienceS === undefined);
  // Side by side, because some have to wait.
  await Promise.all([
    ...wanted.map((cell, index) => claimOf(cell, new Turned(join(folder, String(index)), vendor), claims)),
    ...(short ? [] : whileAway).map((clock) =>
      claimOfReturn(clock, new Turned(join(folder, clock), vendor), claims),
    ),
  ]);
}

async function claimOf({ clock, moment, meanwhile, patienceS = 0 }, process, claims) {
  await claims.claim(
    `a real process whose clock is wrong by ${clock} ${moment} is ${meanwhile}`,
    async () => {
      const bench = await process.open();
      if (moment === 'at boot') process.turn(clock);
      await bench.start();
      if (moment === 'running') process.turn(clock);
      if (moment === 'while writing') await bench.renew(() => process.turn(clock));
      const saysNow = async () => says(await bench.look());
      if (patienceS > 0) await bench.until((found) => says(found) === meanwhile, patienceS * 1000);
      expectSame('it', await saysNow(), meanwhile);

      process.turn('+0');
      expectSame('once the clock is right, it', await saysNow(), fine);
      await bench.stop();
      const { holds, floorMs } = bench.files();
      expectSame('the file', holds, moment === 'while writing' ? 'renewed' : 'old');
      expectSame('a time is saved that lies ahead', floorMs > Date.now(), false);
      return 'enterprise at the first look after the clock was put right, and nothing of the wrong time saved';
    },
  );
  await process.close();
}

async function claimOfReturn(clock, process, claims) {
  const radio = await Radio.open(process.vendor);
  await claims.claim(
    `a clock that is turned by ${clock} while NATS is away does not keep it away`,
    async () => {
      radio.start();
      const bench = await process.open({ NATS_URL: radio.url });
      await bench.start();
      await radio.say(bench.old, async () => (await bench.look()).freshness === 'fresh');
      await radio.kill();
      process.turn(clock);
      radio.start();
      const tookMs = await radio.say(bench.renewed, async () => (await bench.look()).license.serial === 2);
      expectSame('http', (await bench.look()).http, 200);
      return `the renewal was heard ${(tookMs / 1000).toFixed(1)} s after the broker was back`;
    },
  );
  await process.close();
  await radio.kill();
}

/** A service whose system clock is in our hands. */
class Turned {
  #bench;

  constructor(folder, vendor) {
    this.folder = folder;
    this.vendor = vendor;
  }

  /** The process, with its clock right and the old key on its disk; nothing is started in it. */
  async open(more = {}) {
    this.turn('+0');
    const variables = {
      ...this.vendor.variables,
      ...more,
      LD_PRELOAD: faketime(),
      FAKETIME_TIMESTAMP_FILE: `${this.folder}.clock`,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    this.#bench = new Bench(this.folder, { ...this.vendor, variables });
    await this.#bench.launch();
    await this.#bench.reset();
    return this.#bench;
  }

  /** Sets its system clock. @param {string} to by how much it is wrong: `+10y`, `-5s` */
  turn(to) {
    writeFileSync(`${this.folder}.clock`, `${to}\n`);
  }

  async close() {
    await this.#bench?.close();
  }
}

function says({ active, edition, reason, clockRolledBack, http }) {
  const answer = http === (active ? 200 : 402) ? '' : `, but answers ${http}`;
  return `${edition}${active ? '' : `, ${reason}`}${clockRolledBack ? ', clock set back' : ''}${answer}`;
}

/** The library that turns the clock of a process; undefined when it is not installed. */
function faketime() {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name)) : [];
  return folders
    .map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
}
