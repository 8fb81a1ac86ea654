import { join } from 'node:path';

import { eventually, expectSame } from '../../scripts/demo/claims.mjs';
import { Deployment } from '../../scripts/demo/deployment.mjs';
import { Service } from '../../scripts/demo/service.mjs';
import { inSeconds } from '../../scripts/demo/vendor.mjs';

const yearS = 365 * 24 * 60 * 60;

/**
 * The life of compiled consumers, on several Nodes at once: community while everything is down, enterprise when a
 * broker and a license-server come, and still enterprise after a restart without them.
 *
 * @param {import('../../scripts/demo/stage.mjs').Stage} stage
 * @param {import('../../scripts/demo/vendor.mjs').Vendor} vendor with a key pair
 * @param {string} natsServer the program
 * @param {import('./table.mjs').Cell[]} cells each with the `program` it runs
 */
export async function playLives(stage, vendor, natsServer, cells) {
  const deployment = await Deployment.create(stage, vendor, natsServer);
  const lives = cells.map((cell) => ({ cell, service: serviceOf(stage, deployment, cell) }));

  for (const { cell, service } of lives) {
    await cell.claim('starts as community edition and refuses', async () => {
      await service.start();
      return await eventually(() => expectStatus(service, 402)); // 503 while the first answer is awaited
    });
  }
  await deployment.startBroker();
  deployment.install(await vendor.issue(inSeconds(yearS)));
  await deployment.startServer();
  for (const { cell, service } of lives) {
    await cell.claim('becomes enterprise over NATS', () =>
      eventually(() => expectStatus(service, 200), 60_000),
    );
  }
  await deployment.killBrokerAndServer();
  await deployment.assertEverythingIsDown();
  for (const { cell, service } of lives) {
    await cell.claim(
      'is enterprise from its first request after a restart with everything down',
      async () => {
        await service.kill();
        await service.start();
        const evidence = await expectStatus(service, 200);
        expectSame('exit code when it is asked to end', await service.stop(), 0);
        return evidence;
      },
    );
  }
}

function serviceOf(stage, deployment, { slug, node, program }) {
  const home = stage.path(slug, 'home');
  const variables = { ...deployment.variables, HOME: home, VENDOR_KEYS_FILE: deployment.publicKeys };
  const keyFile = join(home, '.ai-agent-os', 'license.key');
  return new Service(stage, slug, variables, keyFile, [node.program, program]);
}

async function expectStatus(service, expected) {
  const { status, body } = await service.get('/reports');
  expectSame('status of GET /reports', status, expected);
  return expected === 402 ? `402 ${body.code}` : `200 ${JSON.stringify(body)}`;
}
