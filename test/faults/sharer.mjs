// One of several services on a host, as far as their shared key files are concerned: hears what its parent sends, and
// saves after each word. One copy for each file, so that one process takes part in several races at once.
import { join } from 'node:path';

import {
  acceptLicense,
  EditionLadder,
  parseEncryptionKeys,
  systemClock,
  TrustedKeyRing,
  TrustedState,
} from '@latchkey/license/protocol';

import { repository } from '../../scripts/set-up.mjs';

// Not for hosts, so no entry point has them: the parts of a service that keep its key file, without the service.
const built = (file) => import(join(repository, 'libs/license/dist', file));
const { LocalCopy } = await built('distribution/local-copy.js');
const { FileLicenseStore } = await built('store/file-license-store.js');

const { VENDOR_JWKS, ENCRYPTION_KEYS } = process.env;
const policy = {
  keys: TrustedKeyRing.from(VENDOR_JWKS),
  editions: new EditionLadder(),
  product: 'agent-os',
  deploymentId: null,
};
const complaints = [];
const complain = (error) => void complaints.push(error?.message ?? error);

const copies = process.argv.slice(2).map((path) => {
  const state = new TrustedState(systemClock);
  const store = new FileLicenseStore([path], complain);
  const copy = new LocalCopy(store, parseEncryptionKeys(ENCRYPTION_KEYS), state, policy, systemClock, {
    judged: () => {},
    unusable: complain,
    saved: (error) => error !== null && complain(error),
  });
  copy.load();
  return { copy, state };
});

process.on('message', async (words) => {
  await Promise.all(copies.map((one, index) => hear(one, words[index])));
  process.send({
    complaints: complaints.splice(0),
    floors: copies.map(({ state }) => state.floor.valueMs - Date.now()),
  });
});
process.once('disconnect', () => process.exit(0));
process.send('ready');

async function hear({ copy, state }, words) {
  for (const word of words) {
    acceptLicense({ origin: 'broadcast', ...word }, state, policy);
    await copy.save();
  }
}
