// One host of a fleet: many instances in a process, each with a connection, an inbox and a state of its own. Their key
// files are kept in memory: ten thousand fsyncs on one disk are no fleet.
import { Logger } from '@nestjs/common';

import { parseEncryptionKeys, subjectsFor, systemClock, TrustedKeyRing } from '@latchkey/license/protocol';

import { NatsLink } from '../../libs/license/dist/distribution/nats-link.js';
import { connectToNats } from '../../libs/license/dist/distribution/nats-connection.js';
import { bareOpenAndVerify } from '../harness/bare-crypto.mjs';
import { Instance } from '../harness/instance.mjs';
import { announceReady, serve } from '../harness/programs.mjs';

Logger.overrideLogger(false);
const { url, ...deployment } = JSON.parse(process.argv[2]);
const keys = {
  ring: parseEncryptionKeys(deployment.encryptionKeys),
  trustedKeys: TrustedKeyRing.from(deployment.publicKeys),
};
const nowMs = () => Number(process.hrtime.bigint()) / 1e6; // the same clock in all processes of a machine
/** @type {{ instance: Instance, source: CountingLink }[]} */
let members = [];

await connectToNats({ servers: [url] }).then((connection) => connection.close()); // everything is loaded now

serve({
  /** Starts so many at once; resolves with the time at which the last of them was licensed. */
  async start(count, prefix, limitMs) {
    let licensed = 0;
    let lastAtMs = null;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      members = Array.from({ length: count }, () => {
        const source = new CountingLink({ servers: [url] }, subjectsFor(prefix), systemClock);
        const instance = new Instance(deployment, { source, subjectPrefix: prefix });
        let known = false;
        instance.bootstrap.statuses.subscribe(({ active }) => {
          if (!active || known) return;
          known = true;
          licensed += 1;
          lastAtMs = nowMs();
          if (licensed === count) {
            clearTimeout(timer);
            resolve();
          }
        });
        return { instance, source };
      });
      for (const { instance } of members) instance.start();
    });
    return { licensed, lastAtMs };
  },

  async stop() {
    await Promise.all(members.map(({ instance }) => instance.stop()));
    members = [];
    globalThis.gc?.();
  },

  /** @param {keyof typeof handlings} handling what is done about broadcasts from now on */
  listen(handling) {
    for (const { source } of members) source.handling = handling;
  },

  /** Resolves with the time at which the last one was done with the message, or had the license with this serial. */
  async converged(serial, limitMs) {
    let there = 0;
    let lastAtMs = null;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      const arrived = () => {
        there += 1;
        lastAtMs = nowMs();
        if (there < members.length) return;
        clearTimeout(timer);
        resolve();
      };
      for (const { source, instance } of members) {
        source.heard = () => {
          if (serial !== null && instance.serial !== serial) return;
          source.heard = () => {};
          arrived();
        };
      }
      announceReady();
    });
    return { there, lastAtMs };
  },
});

/** What is done about a broadcast. */
const handlings = {
  counted: () => {},
  'opened and verified': (packet) => bareOpenAndVerify(keys, JSON.parse(packet.toString()).data.sealed),
  'in force': (packet, listener) => listener.broadcast(packet),
};

class CountingLink extends NatsLink {
  handling = 'in force';
  heard = () => {};

  start(listener) {
    super.start({
      connected: () => listener.connected(),
      unreachable: (problem) => listener.unreachable(problem),
      broadcast: (packet) => {
        handlings[this.handling](packet, listener);
        this.heard();
      },
      reply: (packet, id) => listener.reply(packet, id),
      retained: (packet) => listener.retained(packet),
    });
  }
}
