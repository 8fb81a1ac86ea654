import { until } from '@latchkey/license/testing';

import { Broker } from '../../../test/support/broker.js';
import { LicenseBus } from './license-bus.js';
import { Deployment } from './server-process.js';

const shutdownLimitMs = 5_000;

let broker: Broker;
let deployment: Deployment;

beforeEach(async () => {
  broker = await Broker.reserve();
  deployment = await Deployment.create(broker.url);
});

afterEach(async () => {
  await deployment.remove();
  await broker.kill();
});

describe('without a broker', () => {
  it('starts, without a license file too, and is live and ready', async () => {
    const server = await deployment.start();
    await until(async () => (await server.reasons()).includes('NATS_DISCONNECTED'));
    expect((await server.get('/health/live')).status).toBe(200);
    expect((await server.get('/health/ready')).status).toBe(200);
    expect((await server.get('/health')).status).toBe(200);
    expect(await server.reasons()).toEqual(['FILE_ABSENT', 'NATS_DISCONNECTED']);
  });

  it('broadcasts as soon as the broker comes, and again each time it comes back', async () => {
    const jws = deployment.put(deployment.issuer.issue());
    const server = await deployment.start();
    await until(async () => (await server.reasons()).includes('NATS_DISCONNECTED'));
    for (let start = 1; start <= 3; start += 1) {
      await broker.start();
      const bus = await LicenseBus.connect(broker.url);
      await until(() => bus.broadcasts.length > 0 && bus.isAnswered());
      expect(deployment.open(bus.sealed[0] ?? '').license).toBe(jws);
      await until(async () => (await server.health()).status === 'ok');
      await bus.close();
      await broker.kill();
      await until(async () => (await server.reasons()).includes('NATS_DISCONNECTED'));
    }
  });

  it('tells of an outage once, and once that it is over', async () => {
    await broker.start();
    deployment.put(deployment.issuer.issue());
    const server = await deployment.start({ LOG_LEVEL: 'debug' });
    const linesWith = (text: string): string[] =>
      server.output.split('\n').filter((line) => line.includes(text) && !line.includes('DEBUG'));
    await until(() => linesWith('] connected to NATS').length === 1);
    await broker.kill();
    await until(() => linesWith('the connection was lost').length === 1);
    // Wrong credentials for a while: the driver reports each attempt.
    await broker.start('--user', 'somebody', '--pass', 'secret');
    await until(() => server.output.split('Authorization Violation').length > 6);
    await broker.kill();
    await broker.start();
    await until(() => linesWith('] connected to NATS').length === 2);
    expect(linesWith('the connection was lost')).toHaveLength(1);
    // Once for each of the two connections.
    expect(linesWith('Authorization Violation')).toHaveLength(2);
    expect(linesWith('ERROR')).toEqual(linesWith('Authorization Violation'));
  });

  it('follows the file and the broker by itself when it started with neither', async () => {
    await deployment.start();
    const jws = deployment.put(deployment.issuer.issue());
    await broker.start();
    const bus = await LicenseBus.connect(broker.url);
    await until(() => bus.broadcasts.length > 0);
    expect(deployment.open(bus.sealed[0] ?? '').license).toBe(jws);
    await bus.close();
  });
});

describe('SIGTERM', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with 0 while the broker is up', async (signal) => {
    await broker.start();
    deployment.put(deployment.issuer.issue());
    const server = await deployment.start();
    await until(async () => (await server.health()).nats.connected);
    // A client that keeps its connection open must not hold it up.
    await fetch(`${server.url}/health`);
    const { code, tookMs } = await server.stop(signal);
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(shutdownLimitMs);
  });

  it('ends it with 0 when the broker was never there', async () => {
    const server = await deployment.start();
    await until(async () => (await server.reasons()).includes('NATS_DISCONNECTED'));
    const { code, tookMs } = await server.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(shutdownLimitMs);
  });

  it('ends it with 0 when the broker went away', async () => {
    await broker.start();
    const server = await deployment.start();
    await until(async () => (await server.health()).nats.connected);
    await broker.kill();
    await until(async () => !(await server.health()).nats.connected);
    const { code, tookMs } = await server.stop();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(shutdownLimitMs);
  });

  it('ends it with 0 while the broker is frozen, before and after connecting', async () => {
    await broker.start();
    deployment.put(deployment.issuer.issue());
    const connected = await deployment.start({ LICENSE_PUBLISH_INTERVAL: '1s' });
    await until(async () => (await connected.health()).nats.lastPublishedAt !== null);
    broker.freeze();
    // Its connection stays open; only the missing answer tells.
    await until(async () => (await connected.reasons()).includes('NOT_PUBLISHED'));
    const connecting = await deployment.start();
    for (const server of [connected, connecting]) {
      const { code, tookMs } = await server.stop();
      expect(code).toBe(0);
      expect(tookMs).toBeLessThan(shutdownLimitMs);
    }
    broker.thaw();
  });
});
