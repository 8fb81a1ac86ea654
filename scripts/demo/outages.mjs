import { Bystander } from './bystander.mjs';
import { eventually, expectSame } from './claims.mjs';
import { expectPrivateKeyFiles, expectStatus } from './evidence.mjs';

/** The body of the refusal, word for word as it is designed. */
const refusal = {
  statusCode: 402,
  error: 'License Required',
  code: 'LICENSE_EDITION_REQUIRED',
  message:
    'This operation requires the enterprise edition; this deployment runs community (no license key found).',
  requiredEdition: 'enterprise',
  edition: 'community',
  reason: 'absent',
};

/** The last that a service says about its connection. */
const connectionLost = /no connection to NATS(?!.*connected to NATS)/s;

/** @param {import('./tour.mjs').Tour} tour */
export async function nothingButServices({ claims, deployment, services }) {
  claims.scene('Three services start; no broker, no license-server');
  await claims.claim('all three are up', async () => {
    await deployment.assertEverythingIsDown();
    await Promise.all(services.map((service) => service.start()));
    return await expectStatus(services, '/', 200);
  });
  await claims.claim('they run community, and refuse with a reason', async () => {
    await eventually(async () => {
      await expectStatus(services, '/operate-logs', 402);
      for (const service of services) {
        expectSame(`${service.name} /operate-logs`, (await service.get('/operate-logs')).body, refusal);
      }
    });
    return `402 402 402 from /operate-logs, ${JSON.stringify(refusal)}`;
  });
}

/**
 * @param {import('./tour.mjs').Tour} tour
 * @param {{ file: string }} license
 * @returns {Promise<Buffer>} a broadcast of that license, recorded from the bus
 */
export async function brokerAndServerStart({ claims, deployment, services }, license) {
  claims.scene('Broker and license-server start');
  const pids = services.map((service) => service.pid);
  await deployment.startBroker();
  const recorder = await Bystander.join(deployment.natsUrl);
  deployment.install(license);
  await claims.claim('all three become enterprise without a restart', async () => {
    await deployment.startServer();
    const statuses = await eventually(() => expectStatus(services, '/operate-logs', 200));
    expectSame(
      'process ids',
      services.map((service) => service.pid),
      pids,
    );
    return `${statuses}, process ids unchanged`;
  });
  await claims.claim('each keeps the license in a key file of its own', async () => {
    return `modes ${await eventually(() => expectPrivateKeyFiles(services))}`;
  });
  const broadcast = await recorder.firstBroadcast();
  await recorder.leave();
  return broadcast;
}

/** @param {import('./tour.mjs').Tour} tour */
export async function outage({ claims, deployment, services }) {
  claims.scene('Broker and license-server are killed');
  await deployment.killBrokerAndServer();
  await claims.claim('all three are still enterprise', async () => {
    await deployment.assertEverythingIsDown();
    // Only an outage that the services have noticed proves anything.
    await eventually(() => services.forEach((service) => service.expectLogged(connectionLost)));
    const statuses = await expectStatus(services, '/operate-logs', 200);
    return `${statuses}; both ports refuse connections, the services have noticed`;
  });
  const [, agentServer] = services;
  await claims.claim('one is restarted with everything down, and its first request is licensed', async () => {
    await agentServer.kill();
    await agentServer.start();
    const evidence = await expectStatus([agentServer], '/operate-logs', 200);
    const { source, state } = await agentServer.license();
    expectSame('source and state of the license', { source, state }, { source: 'file', state: 'active' });
    await deployment.assertEverythingIsDown();
    return `${evidence} on the first request after its start, license from its own file`;
  });
}
