import { join } from 'node:path';

import {
  exportSigningKey,
  generateEncryptionKey,
  generateSigningKey,
  publicJwk,
} from '@latchkey/license/issuing';
import { parseEncryptionKeys, TrustedKeyRing } from '@latchkey/license/protocol';

import { Random } from '../chaos/random.mjs';
import { Lane } from './lane.mjs';

const laneCount = 2;
const tellEvery = 1_000;
/** Fewer kills in the middle of a save would prove little. */
const leastShareInSave = 0.2;

const rules = {
  whole: 'after each kill the file was the old key or the new one, as a whole',
  mode: 'the file and every temporary file had mode 600',
  start: 'the next process found that key, and nothing to complain of',
  restart: 'a service that was started with everything else down was enterprise, with that license',
  leftovers: 'temporary files older than 10 minutes were gone after a start, younger ones were left alone',
};

/** Kills a process that writes keys, `count` times, in several folders side by side. */
export async function crash({ claims, folder, count, seed }) {
  claims.scene(`Crash: ${count} kills, seed ${seed}`);
  const vendor = await createVendor();
  const lanes = Array.from(
    { length: laneCount },
    (_, index) => new Lane(join(folder, `${index}`, 'keys'), new Random(seed + index), vendor),
  );
  const startMs = performance.now();
  let begun = 0;
  const work = async (lane) => {
    while (begun < count) {
      begun += 1;
      if (begun % tellEvery === 0) console.log(`  ${begun} kills, ${seconds(startMs)}`);
      await lane.kill();
    }
  };
  await Promise.all(lanes.map(work)).catch((error) => claims.fail('the run', error));

  const total = (name) => lanes.reduce((sum, { found }) => sum + found[name], 0);
  for (const [rule, title] of Object.entries(rules)) {
    await claims.claim(title, async () => {
      const breaches = lanes.flatMap((lane) => lane.breaches.get(rule) ?? []);
      if (breaches.length > 0)
        throw new Error(`${breaches.length} times not:\n    ${breaches.slice(0, 10).join('\n    ')}`);
      return `${total('kills')} times`;
    });
  }
  await claims.claim('the kills fell where it hurts', async () => {
    const [kills, inSave, leftovers] = [total('kills'), total('inSave'), total('leftovers')];
    if (inSave < kills * leastShareInSave)
      throw new Error(`only ${inSave} of ${kills} kills fell into a save`);
    return `${inSave} into one of ${total('saves')} saves, of which ${total('completed')} had put the new key in place; ${leftovers} temporary files were left`;
  });
  console.log(`  ${total('kills')} kills, seed ${seed}, ${seconds(startMs)}`);
}

async function createVendor() {
  const key = await generateSigningKey(2048);
  const trustedKeys = { keys: [publicJwk(key)] };
  const encryptionKeys = generateEncryptionKey('first');
  return {
    trustedKeys,
    keys: TrustedKeyRing.from(trustedKeys),
    ring: parseEncryptionKeys(encryptionKeys),
    variables: {
      VENDOR_KEY: exportSigningKey(key),
      VENDOR_JWKS: JSON.stringify(trustedKeys),
      ENCRYPTION_KEYS: encryptionKeys,
    },
  };
}

function seconds(startMs) {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
