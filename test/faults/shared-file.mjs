import { expectSame } from '../../scripts/demo/claims.mjs';
import { Random } from '../chaos/random.mjs';
import { files, Race, services, wordsPerService } from './race.mjs';

/**
 * Several services on one host share a key file: each hears other licenses and revocation lists than the others, in any
 * order, and saves after each. Nobody ever reads half a file, and when all are quiet the best of all is in it.
 */
export async function run({ claims, folder, vendor, short, seed }) {
  const rounds = short ? 3 : 20;
  const race = new Race(folder, vendor, new Random(seed));
  await race.open();
  await claims.claim(
    `${services} services that share a key file end with the highest serial, the newest list, the latest time`,
    async () => {
      for (let round = 0; round < rounds; round += 1) await race.run();
      return `${rounds} rounds of ${files} files and ${services * wordsPerService} words for each, seed ${seed}`;
    },
  );
  await claims.claim('nobody ever read half a file, or one of another mode', async () => {
    expectSame('what they found', race.problems.slice(0, 10), []);
    return `${race.reads} reads of ${race.texts} different texts`;
  });
  race.close();
}
