// Keeps saving another license to a key file until somebody kills it. It says what it found at its start, and before
// and after each save which one it is, so that the one who kills it knows what may be in the file.
import { writeSync } from 'node:fs';
import { join } from 'node:path';

import { readSigningKey, signLicense, signRevocation } from '@latchkey/license/issuing';
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

const [path] = process.argv.slice(2);
const { VENDOR_KEY, VENDOR_JWKS, ENCRYPTION_KEYS } = process.env;
const key = readSigningKey(VENDOR_KEY);
const policy = {
  keys: TrustedKeyRing.from(VENDOR_JWKS),
  editions: new EditionLadder(),
  product: 'agent-os',
  deploymentId: null,
};
const state = new TrustedState(systemClock);
const complain = (error) => say(`complaint ${error?.message ?? error}`);
const copy = new LocalCopy(
  new FileLicenseStore([path], complain),
  parseEncryptionKeys(ENCRYPTION_KEYS),
  state,
  policy,
  systemClock,
  {
    judged: ({ verdict }) => verdict.outcome === 'refused' && complain(verdict.error),
    unusable: complain,
    saved: (error) => error !== null && complain(error),
  },
);

copy.load();
let serial = state.current?.signed.license.serial ?? 0;
say(`found ${serial} ${state.isActive()}`);
for (;;) {
  serial += 1;
  acceptLicense({ origin: 'broadcast', ...statements(serial) }, state, policy);
  say(`saving ${serial}`);
  await copy.save();
  say(`saved ${serial}`);
}

/** A license and a revocation list of the same serial, so that a mixture of two saves shows; of different lengths. */
function statements(number) {
  const iat = Math.floor(Date.now() / 1000);
  const names = Array.from({ length: number % 50 }, (_, index) => `feature-${index}`);
  const claims = {
    v: 1,
    iss: 'vendor',
    sub: 'customer-1',
    aud: 'agent-os',
    jti: `license-${number}`,
    serial: number,
    iat,
    exp: iat + 365 * 24 * 3600,
    edition: 'enterprise',
    features: Object.fromEntries(names.map((name) => [name, true])),
    limits: {},
  };
  const list = { v: 1, iss: 'vendor', iat, serial: number, revoked: ['license-0'] };
  return { license: signLicense(claims, key), revocation: signRevocation(list, key) };
}

function say(line) {
  writeSync(1, `${line}\n`);
}
