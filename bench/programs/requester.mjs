// Asks for the license, so many requests at a time.
import { connect, createInbox } from '@nats-io/transport-node';

import {
  encodeRequest,
  openSealedLicense,
  parseEncryptionKeys,
  parseReply,
  subjectsFor,
} from '@latchkey/license/protocol';

import { serve } from '../harness/programs.mjs';

const [url, encryptionKeys] = process.argv.slice(2);
const ring = parseEncryptionKeys(encryptionKeys);
const connection = await connect({ servers: url });

serve({
  /** Resolves with the milliseconds it took until all were answered. */
  async ask(prefix, { count, atATime }) {
    const subjects = subjectsFor(prefix);
    const inbox = createInbox();
    const startedAt = performance.now();
    let asked = 0;
    let answered = 0;
    let last;
    await new Promise((resolve) => {
      const one = () => {
        asked += 1;
        connection.publish(subjects.request, encodeRequest(subjects, String(asked)), {
          reply: `${inbox}.${asked}`,
        });
      };
      connection.subscribe(`${inbox}.*`, {
        max: count,
        callback: (_, message) => {
          if (message.data.length === 0) throw new Error('nobody answers');
          answered += 1;
          last = message;
          if (asked < count) one();
          else if (answered === count) resolve();
        },
      });
      for (let i = 0; i < atATime; i += 1) one();
    });
    const tookMs = performance.now() - startedAt;
    openSealedLicense(parseReply(last.data, last.subject.split('.').at(-1)), ring);
    return tookMs;
  },
});
