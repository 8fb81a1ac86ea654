import { Loopback } from './loopback.mjs';
import { pause, seconds } from './time.mjs';
import { World } from './world.mjs';

const size = { brokers: 1, servers: 1, hosts: 4, instances: 50 };
const instances = size.hosts * size.instances;
const outageMs = 5_000;
const windowMs = 100;
const largestShare = 0.1;
const serveLimitMs = 15_000;
const startLimitMs = 60_000;

/**
 * A whole fleet loses its broker at once: it must not come back in one burst.
 *
 * @param {{ claims: import('../../scripts/demo/claims.mjs').Claims }} run
 */
export async function storm({ claims }) {
  claims.scene(`Storm: ${instances} instances lose their broker at once`);
  const world = await World.create(new Loopback(), size);
  const [broker] = world.brokers;
  const [server] = world.servers;
  broker.jetStream = false; // whatever it keeps would spare the servers questions
  const failedBefore = claims.failed;
  try {
    world.start();
    await world.convergence(startLimitMs);
    await claims.claim('they come back one after the other, when the broker does', async () => {
      await broker.kill();
      await pause(outageMs);
      server.install(world.vendor.issue());
      broker.start('--trace');
      return await comeBack(world, broker);
    });
    await claims.claim('also when the license-server is away longer than the broker', async () => {
      await broker.kill();
      await server.kill();
      server.install(world.vendor.issue());
      await pause(outageMs);
      broker.start('--trace');
      await pause(outageMs);
      server.start();
      return await comeBack(world, broker);
    });
  } catch (error) {
    claims.fail('the run', error);
  }
  await world.close({ keepFolder: claims.failed > failedBefore });
}

/** @returns the evidence. @throws {Error} when it took too long, or too many asked at once */
async function comeBack(world, broker) {
  const tookMs = await world.convergence(serveLimitMs);
  await pause(windowMs); // for what is still being written to the log
  const times = requestTimesMs(broker.output());
  const windows = new Map();
  for (const timeMs of times) {
    const window = Math.floor(timeMs / windowMs);
    windows.set(window, (windows.get(window) ?? 0) + 1);
  }
  const peak = Math.max(0, ...windows.values());
  const evidence = `${times.length} requests, at most ${peak} in ${windowMs} ms; all served after ${seconds(tookMs)}`;
  if (peak > instances * largestShare) throw new Error(evidence);
  return evidence;
}

/** When the broker saw requests, by its own log. */
function requestTimesMs(log) {
  const lines = log.matchAll(
    /^\[\d+\] ([\d/]+) ([\d:]+)(\.\d+) \[TRC\] .* <<- \[H?PUB license\.key\.request /gm,
  );
  return [...lines].map(([, day, time, fraction]) => Date.parse(`${day} ${time}`) + 1000 * Number(fraction));
}
