import { dirname } from 'node:path';

import { eventually, expectSame } from './claims.mjs';
import { expectPrivateKeyFiles, expectStatus, modeOf } from './evidence.mjs';
import { inSeconds } from './vendor.mjs';

const year = 365 * 24 * 60 * 60;

/** @param {import('./tour.mjs').Tour} tour */
export async function renewal({ claims, vendor, deployment, services }) {
  claims.scene('Broker and license-server are back; the license file is replaced by a renewed one');
  await deployment.startBroker();
  await deployment.startServer();
  await claims.claim('the first license does not cover workflows', () =>
    expectStatus(services, '/workflows', 402),
  );
  const renewed = await vendor.issue(inSeconds(2 * year), '--feature', 'workflow');
  deployment.install(renewed);
  await claims.claim('all three follow without a restart', () =>
    eventually(() => expectStatus(services, '/workflows', 200), 30_000),
  );
  await claims.claim('their key files hold the new license', async () => {
    await eventually(async () => {
      for (const { name, keyFile } of services) {
        expectSame(
          `serial in the key file of ${name}`,
          await serialIn(keyFile, vendor, deployment),
          renewed.serial,
        );
      }
    });
    return `"latchkey open" shows serial ${renewed.serial} in each, modes ${expectPrivateKeyFiles(services)}`;
  });
}

/** The serial of the license in a key file, as the command line reads it. */
async function serialIn(keyFile, vendor, deployment) {
  const keys = ['--encryption-keys', deployment.keysFile, '--keys', vendor.publicKeys];
  return JSON.parse(await vendor.latchkey('open', keyFile, ...keys, '--output', 'json')).license.serial;
}

/** @param {import('./tour.mjs').Tour} tour */
export async function defaultKeyFile({ claims, deployment }) {
  claims.scene('A service without LICENSE_KEY_PATH');
  const service = deployment.serviceWithoutKeyPath('home-service');
  await claims.claim('it keeps its license in ~/.ai-agent-os/license.key', async () => {
    await service.start();
    await eventually(() => expectStatus([service], '/operate-logs', 200));
    const [file, folder] = await eventually(() => [
      modeOf(service.keyFile),
      modeOf(dirname(service.keyFile)),
    ]);
    expectSame('modes of file and folder', [file, folder], ['0600', '0700']);
    await service.stop();
    return `file ${file}, folder ${folder}`;
  });
  await claims.claim('and starts from it without any NATS', async () => {
    await service.start({ NATS_URL: 'off' });
    const evidence = await expectStatus([service], '/operate-logs', 200);
    expectSame('source of the license', (await service.license()).source, 'file');
    await service.stop();
    return `${evidence} with NATS_URL=off, license from the file`;
  });
}

/** @param {import('./tour.mjs').Tour} tour */
export async function expiry({ claims, vendor, deployment, services }) {
  claims.scene('A license that ends in a few seconds');
  const ends = inSeconds(10);
  const short = await vendor.issue(ends);
  deployment.install(short);
  await claims.claim('all three take it while it is valid', async () => {
    await eventually(async () => {
      for (const service of services) {
        expectSame(`serial held by ${service.name}`, (await service.license()).license.serial, short.serial);
      }
    });
    return `${await expectStatus(services, '/operate-logs', 200)}, until ${ends.toISOString()}`;
  });
  await claims.claim('at its end they refuse, with the reason "expired"', () =>
    eventually(async () => {
      const evidence = await expectStatus(services, '/operate-logs', 402);
      for (const service of services) {
        const { reason } = (await service.get('/operate-logs')).body;
        expectSame(`reason given by ${service.name}`, reason, 'expired');
      }
      const afterS = ((Date.now() - ends.getTime()) / 1000).toFixed(2);
      return `${evidence} with "reason":"expired", ${afterS} s after its end`;
    }, 20_000),
  );
  await claims.claim('and stay up', () => expectStatus(services, '/', 200));
  deployment.install(await vendor.issue(inSeconds(2 * year), '--feature', 'workflow'));
  await claims.claim('a renewal brings all three back', () =>
    eventually(() => expectStatus(services, '/operate-logs', 200), 30_000),
  );
}
