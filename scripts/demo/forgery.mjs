import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { parseEncryptionKeys, sealedMessage, sealLicense } from '@latchkey/license/protocol';
import { TestIssuer } from '@latchkey/license/testing';

import { Bystander } from './bystander.mjs';
import { eventually, expectSame } from './claims.mjs';
import { expectStatus } from './evidence.mjs';

/**
 * @param {import('./tour.mjs').Tour} tour
 * @param {Buffer} oldBroadcast recorded before the license was renewed
 */
export async function forgery({ claims, deployment, services }, oldBroadcast) {
  claims.scene('A forger on the bus, without the encryption key');
  const forger = await Bystander.join(deployment.natsUrl);
  const attacks = {
    'random garbage': [randomBytes(300), Buffer.from('{"pattern":"license.key","data":{"v":1,"sealed":"')],
    'an empty message': [Buffer.alloc(0)],
    'a message that says there is no license': [packet({ v: 1, license: null }), packet(null)],
    'a license signed and sealed with keys of the forger': [await ownLicense(oldBroadcast)],
    'a replay of the license from before the renewal': [oldBroadcast],
  };
  for (const [what, messages] of Object.entries(attacks)) {
    await claims.claim(`${what} changes nothing`, async () => {
      const before = await believed(services);
      for (const message of messages) await forger.broadcast(message);
      await servedAfterwards(services);
      for (const [index, found] of (await believed(services)).entries()) {
        expectSame('license and key file', found, before[index]);
      }
      await expectStatus(services, '/operate-logs', 200);
      return `delivered; then ${await expectStatus(services, '/workflows', 200)}, same license, same key files`;
    });
  }
  await forger.leave();
}

/** What a Nest service would send on the subject of the license. */
function packet(data) {
  return Buffer.from(JSON.stringify({ pattern: 'license.key', data }));
}

/**
 * The best that somebody without keys can do: a flagship license with the highest serial, signed by nobody known,
 * and sealed under the id of the real key, which everyone on the bus can read off a recording.
 */
async function ownLicense(recording) {
  const [header] = JSON.parse(recording.toString()).data.sealed.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const forger = await TestIssuer.create();
  const license = forger.issue({ edition: 'flagship', serial: Number.MAX_SAFE_INTEGER });
  const envelope = { sealedAtMs: Date.now(), server: 'forger', license };
  return packet(sealedMessage(sealLicense(envelope, parseEncryptionKeys(generateEncryptionKey(kid)))));
}

/** Everything that an attack could change, per service. */
async function believed(services) {
  return await Promise.all(
    services.map(async (service) => {
      const { state, edition, features, limits, license, persisted } = await service.license();
      const keyFile = createHash('sha256').update(readFileSync(service.keyFile)).digest('hex');
      return { name: service.name, state, edition, features, limits, license, persisted, keyFile };
    }),
  );
}

/**
 * Waits until every service has heard two genuine broadcasts more. The bus keeps the order of messages, so whatever
 * the forger sent before has been read by then.
 */
async function servedAfterwards(services) {
  for (let heard = 0; heard < 2; heard += 1) {
    const before = await Promise.all(services.map((service) => service.license()));
    await eventually(async () => {
      for (const [index, service] of services.entries()) {
        // Measured anew with every genuine word, to the millisecond.
        const { clockOffsetMs } = await service.license();
        if (clockOffsetMs === before[index].clockOffsetMs)
          throw new Error(`${service.name} heard no genuine word`);
      }
    });
  }
}
