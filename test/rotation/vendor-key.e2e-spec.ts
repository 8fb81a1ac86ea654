import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseLicenseText, sealedMessage, sealLicense } from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';

import { LicenseBus } from '../../apps/license-server/test/license-bus.js';
import { Deployment, services } from './deployment.js';

let deployment: Deployment;
let bus: LicenseBus;
let firstKey: string;

beforeEach(async () => {
  deployment = await Deployment.start({ LICENSE_REVOCATIONS_PATH: 'revocations.jwt' });
  bus = await LicenseBus.connect(deployment.broker.url);
  firstKey = (await deployment.health()).license?.kid ?? '';
  await deployment.runbook.type(`
    latchkey revoke --key keys/vendor.private.pem --license some-other --out revocations.jwt
    roll_out revocations.jwt license-server
  `);
  await until(async () => (await deployment.health()).revocations?.revoked === 1);
}, 60_000);
afterEach(async () => {
  await bus.close();
  await deployment.stop();
});

const allHold = (id: string): Promise<boolean> =>
  deployment.all(({ active, license, persisted }) => active && license?.id === id && persisted);

/** The id of the license in a file on the desk. */
async function idOf(file: string): Promise<string> {
  const { license } = JSON.parse(await deployment.runbook.type(`latchkey inspect ${file} -o json`)) as {
    license: { id: string };
  };
  return license.id;
}

/** Offers a license of the desk to the server, and past it, sealed by an insider, to the services; all refuse it. */
async function expectRefused(file: string, code: string): Promise<void> {
  await deployment.runbook.type(`cp ${file} license.lic; roll_out license.lic license-server`);
  await until(async () => (await deployment.reasons()).includes(code));

  const license = parseLicenseText(readFileSync(join(deployment.desk, file), 'utf8'));
  const sealed = sealLicense({ sealedAtMs: Date.now(), server: 'x', license }, deployment.ring('app-server'));
  bus.connection.publish(
    'license.key',
    JSON.stringify({ pattern: 'license.key', data: sealedMessage(sealed) }),
  );
  await until(() => services.every((name) => deployment.service(name).output.includes(`dropped (${code})`)));
}

describe("rotating the vendor's signing key", () => {
  it('breaks no license: the old one stands, the new one takes over, and the old key signs no more', async () => {
    const { runbook, witness } = deployment;
    await runbook.follow('1. Let everybody trust the new key');
    await deployment.release();
    await runbook.follow('2. Sign with the new key', {}, 0);

    // This customer installs the renewal late: what the old key signed in its time stands.
    await runbook.follow('3. Retire the old key', { OLD_KEY: firstKey });
    await deployment.release();
    expect(await allHold('lic-1')).toBe(true);

    const renewed = await idOf('renewed.lic');
    await runbook.follow('2. Sign with the new key', {}, 1);
    await until(() => allHold(renewed));
    expect((await deployment.health()).license?.kid).not.toBe(firstKey);
    expect(await deployment.reasons()).toEqual([]);

    await until(async () => Date.now() > (await retiredAtMs()));
    await runbook.type(`
      latchkey issue --key keys/vendor.private.pem --after license.lic --customer acme --product agent-os \\
        --edition flagship --perpetual --out late.lic
    `);
    await expectRefused('late.lic', 'KEY_NOT_IN_SERVICE');

    expect(await allHold(renewed)).toBe(true);
    expect(witness.refusals).toEqual([]);
  }, 120_000);

  async function retiredAtMs(): Promise<number> {
    const { keys } = JSON.parse(
      await deployment.runbook.type('latchkey keys list --file vendor.public.jwks.json -o json'),
    ) as { keys: { keyId: string; retiredAt: string | null }[] };
    return Date.parse(keys.find(({ keyId }) => keyId === firstKey)?.retiredAt ?? '');
  }
});

describe("removing the vendor's key that leaked", () => {
  it('ends all that it ever signed, and takes nothing from whoever has a reissued license', async () => {
    const { runbook, witness } = deployment;
    const section = "The vendor's private key leaked";
    await runbook.follow(section, {}, 0);
    await deployment.release();
    await runbook.follow(section, {}, 1);
    const reissued = await idOf('license.lic');
    await until(() => allHold(reissued));
    await runbook.follow(section, { LEAKED_KEY: firstKey }, 2);
    await deployment.release();
    expect(await allHold(reissued)).toBe(true);
    await until(async () => (await deployment.reasons()).length === 0);
    expect((await deployment.health()).revocations?.revoked).toBe(1);

    // The thief dates a license as he likes.
    await runbook.type(`
      echo '{ "sub": "thief", "aud": "agent-os", "edition": "flagship", "perpetual": true, "iat": 1700000000 }' > claims
      latchkey issue --key keys/vendor.private.pem --claims claims --out stolen.lic
    `);
    await expectRefused('stolen.lic', 'KEY_UNKNOWN');

    expect(await allHold(reissued)).toBe(true);
    expect(witness.refusals).toEqual([]);
  }, 120_000);
});
