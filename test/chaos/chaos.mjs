import { expectSame } from '../../scripts/demo/claims.mjs';
import { Faults } from './faults.mjs';
import { checkHistory } from './history-check.mjs';
import { WiredLoopback } from './loopback.mjs';
import { Random } from './random.mjs';
import { pause, seconds } from './time.mjs';
import { World } from './world.mjs';

const size = { brokers: 3, servers: 3, hosts: 4, instances: 6, publishInterval: '5s' };
const convergeLimitMs = 10_000;
const giveUpMs = 60_000;
const shortestRoundMs = 5_000;

/**
 * Rounds of random faults, each followed by healing everything, until the time is over.
 *
 * @param {{ claims: import('../../scripts/demo/claims.mjs').Claims, minutes: number, seed: number }} run
 */
export async function chaos({ claims, minutes, seed }) {
  const instances = size.hosts * size.instances;
  claims.scene(
    `Chaos: ${instances} instances, ${size.servers} license-servers, ${size.brokers} brokers, ${minutes} min, seed ${seed}`,
  );
  await claims.claim('the model finds the faults that it is for', checkHistory);
  const failedBefore = claims.failed;
  const world = await World.create(new WiredLoopback(), size);
  const convergedMs = [];
  try {
    await run(world, minutes * 60_000, new Random(seed), convergedMs);
  } catch (error) {
    claims.fail('the run', error);
  }
  await judge(claims, world, convergedMs);
  const hasFailed = claims.failed > failedBefore;
  await world.close({ keepFolder: hasFailed });
  if (hasFailed) console.log(`  logs: ${world.stage.folder}; again with --seed ${seed}`);
}

/** @param {number[]} convergedMs filled with the time that each healing took */
async function run(world, forMs, random, convergedMs) {
  const startMs = performance.now();
  const tell = (text) => console.log(`${seconds(performance.now() - startMs).padStart(10)}  ${text}`);
  const faults = new Faults(world, random, tell);
  world.start();
  await world.convergence(giveUpMs);
  tell('all instances are enterprise');
  const endMs = performance.now() + forMs;
  const longestRoundMs = Math.min(Math.max(forMs / 5, shortestRoundMs), 60_000);
  while (performance.now() < endMs) {
    const roundMs = random.between(shortestRoundMs, longestRoundMs);
    await round(world, faults, random, Math.min(endMs, performance.now() + roundMs));
    await faults.heal();
    const tookMs = await world.convergence(giveUpMs);
    convergedMs.push(tookMs);
    tell(`healed: all instances have license ${world.vendor.newest.serial} after ${seconds(tookMs)}`);
  }
}

async function round(world, faults, random, endMs) {
  let nextMs = performance.now();
  while (performance.now() < endMs) {
    await pause();
    world.observe();
    await faults.expire();
    if (performance.now() < nextMs) continue;
    await faults.strike((endMs - performance.now()) * 1.5 + 200);
    nextMs = performance.now() + random.between(100, 1_500);
  }
}

async function judge(claims, world, convergedMs) {
  const { hosts, histories } = world;
  await claims.claim('nothing crashed, nothing was left unhandled', () => {
    world.observe();
    const complaints = hosts.flatMap((host) => host.complaints);
    expectSame('complaints', complaints, []);
    return `${histories.length} instances, ${world.parts.length} processes at a time`;
  });
  await claims.claim('no instance ever broke a rule', () => {
    const problems = new Set(histories.flatMap((history) => history.problems));
    expectSame('broken rules', [...problems].slice(0, 20), []);
    const longestMs = Math.max(...histories.map((history) => history.longestWrongMs));
    return `the longest time a licensed instance was wrong: ${longestMs} ms`;
  });
  await claims.claim(
    `all had the newest license at most ${seconds(convergeLimitMs)} after each healing`,
    () => {
      const sorted = convergedMs.toSorted((a, b) => a - b);
      const longestMs = sorted.at(-1) ?? Infinity;
      const medianMs = sorted[Math.floor(sorted.length / 2)];
      const evidence = `${sorted.length} times, median ${seconds(medianMs)}, longest ${seconds(longestMs)}`;
      if (longestMs > convergeLimitMs) throw new Error(evidence);
      return evidence;
    },
  );
}
