import { generateEncryptionKey } from '@latchkey/license/issuing';

import { configurations } from './broker.mjs';

const forbidding = Object.keys(configurations).filter((kind) => kind !== 'open');
const otherKey = { LICENSE_ENCRYPTION_KEYS: generateEncryptionKey('chaos') };

/**
 * Everything that can go wrong. `pick` says with what (a list of parts; each part has one fault at a time), `strike`
 * does it and returns the words for it and how to undo it, or no undoing when it is over at once.
 *
 * @typedef {import('./world.mjs').World} World
 * @typedef {{ text: string, undo?: () => Promise<void> | void }} Strike
 * @type {{ weight: number, pick: (world: World) => import('./part.mjs').Part[], strike: (target: any, world: World, random: import('./random.mjs').Random) => Promise<Strike> | Strike }[]}
 */
const faults = [
  {
    weight: 4,
    pick: ({ brokers }) => brokers,
    strike: async (broker) => {
      await broker.kill();
      return { text: 'killed', undo: () => broker.start() };
    },
  },
  {
    weight: 2,
    pick: ({ brokers }) => brokers,
    strike: (broker, _world, random) => {
      const kind = random.pick(forbidding);
      broker.reconfigure(kind);
      return { text: `has a configuration ${kind}`, undo: () => broker.reconfigure('open') };
    },
  },
  {
    weight: 5,
    pick: ({ parts }) => parts,
    strike: (part) => {
      part.freeze();
      return { text: 'frozen', undo: () => part.thaw() };
    },
  },
  {
    weight: 3,
    pick: ({ servers }) => servers,
    strike: async (server, _world, random) => {
      const kind = random.pick(['kill', 'stop']);
      await server[kind]();
      return { text: kind === 'kill' ? 'killed' : 'stopped', undo: () => server.start() };
    },
  },
  {
    weight: 2,
    pick: ({ servers }) => servers,
    strike: async (server, { vendor }, random) => {
      await server.kill();
      const older = random.pick([...vendor.issued.values()]);
      server.install(older);
      server.start();
      return { text: `restarted with license ${older.serial}`, undo: () => server.install(vendor.newest) };
    },
  },
  {
    weight: 1,
    pick: ({ servers }) => servers,
    strike: async (server) => {
      await server.kill();
      server.start(otherKey);
      const undo = async () => {
        await server.kill();
        server.start();
      };
      return { text: 'restarted with another encryption key', undo };
    },
  },
  {
    weight: 4,
    pick: ({ hosts }) => hosts,
    strike: async (host) => {
      await host.kill();
      return { text: 'killed', undo: () => host.start() };
    },
  },
  {
    weight: 1,
    pick: ({ hosts }) => hosts,
    strike: async (host) => {
      await host.kill();
      host.wipe();
      host.start();
      return { text: 'replaced by a new one with an empty disk' };
    },
  },
  {
    weight: 4,
    pick: ({ servers, hosts }) => [...servers, ...hosts],
    strike: (part, { network }, random) => {
      const own = network.wires.get(part.name);
      const cut = random.chance(0.5) ? own : [random.pick(own)];
      for (const wire of cut) wire.cut();
      const text = `cut off from ${cut === own ? 'every broker' : `broker-${own.indexOf(cut[0]) + 1}`}`;
      return { text, undo: () => cut.forEach((wire) => wire.heal()) };
    },
  },
  {
    weight: 2,
    pick: ({ servers, hosts }) => [...servers, ...hosts],
    strike: (part, { network }) => {
      for (const wire of network.wires.get(part.name)) wire.drop();
      return { text: 'lost its connections' };
    },
  },
  {
    weight: 3,
    pick: ({ brokers }) => brokers,
    strike: async (broker, { forger }) => {
      const done = await forger.strike(broker.url);
      return { text: done ? 'is given all that a forger has' : 'keeps a forger out' };
    },
  },
  {
    weight: 3,
    pick: ({ servers }) => servers,
    strike: (server, { vendor }, random) => {
      const license = random.chance(0.7) ? vendor.issue() : vendor.newest;
      server.install(license);
      return { text: `gets license ${license.serial}` };
    },
  },
];

const ticket = faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));

/** The faults in effect in a world. */
export class Faults {
  #active = new Map();

  /**
   * @param {World} world
   * @param {import('./random.mjs').Random} random
   * @param {(text: string) => void} tell
   */
  constructor(world, random, tell) {
    this.world = world;
    this.random = random;
    this.tell = tell;
  }

  /** Lets one more thing go wrong, for at most `longestMs`. */
  async strike(longestMs) {
    const { world, random } = this;
    const fault = random.pick(ticket);
    const targets = fault.pick(world).filter((part) => !this.#active.has(part));
    if (targets.length === 0) return;
    const lastsMs = random.between(100, longestMs);
    // Now and then a whole rack loses its power at once.
    for (const target of random.chance(0.15) ? targets : [random.pick(targets)]) {
      const { text, undo } = await fault.strike(target, world, random);
      this.tell(
        `${target.name} ${text}${undo === undefined ? '' : `, for ${(lastsMs / 1000).toFixed(1)} s`}`,
      );
      if (undo !== undefined) this.#active.set(target, { undo, endsAtMs: performance.now() + lastsMs });
    }
  }

  /** Ends what has lasted long enough. */
  async expire(nowMs = performance.now()) {
    for (const [target, { undo, endsAtMs }] of this.#active) {
      if (endsAtMs > nowMs) continue;
      await undo();
      this.#active.delete(target);
    }
  }

  /** Renews the license while everything is as bad as it got; then ends all faults and gives every server the license. */
  async heal() {
    const license = this.world.vendor.issue();
    await this.expire(Infinity);
    for (const server of this.world.servers) server.install(license);
  }
}
