import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect, type NatsConnection } from 'nats';

import { encodeRequest, parseReply, subjectsFor } from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';

import { Deployment } from '../../apps/license-server/test/server-process.js';
import { Broker } from '../support/broker.js';
import { Flood } from './flood.js';
import { forgedBroadcasts } from './forgeries.js';
import { InstanceProcess, type InstanceReport } from './instance-process.js';

const subjects = subjectsFor('license');
const messagesPerSecond = 5_000;
const messages = 50_000;

describe('an instance under a flood of 5,000 forged broadcasts a second', () => {
  let broker: Broker;
  let deployment: Deployment;
  let bus: NatsConnection;
  let directory: string;
  let instance: InstanceProcess;
  const started: InstanceProcess[] = [];

  beforeAll(async () => {
    broker = await Broker.start();
    deployment = await Deployment.create(broker.url);
    directory = mkdtempSync(join(tmpdir(), 'latchkey-flood-'));
    deployment.put(deployment.issuer.issue());
    bus = await connect({ servers: broker.url });
    await deployment.start({ LICENSE_PUBLISH_INTERVAL: '1s' });
    instance = await startInstance('first');
    await until(async () => (await instance.status()).persisted);
  });
  afterAll(async () => {
    await Promise.all(started.map((one) => one.stop()));
    await bus.close();
    await deployment.remove();
    await broker.kill();
    rmSync(directory, { recursive: true });
  });

  async function startInstance(name: string): Promise<InstanceProcess> {
    const { LICENSE_PATH: _ofServer, ...env } = deployment.env;
    const one = await InstanceProcess.start({
      ...env,
      LICENSE_PRODUCT: 'agent-os',
      LICENSE_KEY_PATH: join(directory, name, 'license.key'),
    });
    started.push(one);
    return one;
  }

  /** What the server answers now. */
  async function served(): Promise<string> {
    const reply = await bus.request(subjects.request, encodeRequest(subjects, 'r'), { timeout: 5_000 });
    return parseReply(reply.data, 'r');
  }

  const holds = async (one: InstanceProcess, serial: number): Promise<boolean> =>
    (await one.status()).license?.serial === serial;
  const droppedBy = (one: InstanceProcess): string[] =>
    [...one.output.matchAll(/message dropped \((\w+)\)/g)].map(([, code = '']) => code);
  const lateness = ({ medianMs, p99Ms, maxMs }: InstanceReport): string =>
    `p50 ${medianMs.toFixed(1)}, p99 ${p99Ms.toFixed(1)}, max ${maxMs.toFixed(1)} ms`;

  it('keeps its edition, renews by asking, and says each kind once', async () => {
    await instance.ask('reset');
    const calmUntilMs = performance.now() + 3_000;
    await until(() => performance.now() > calmUntilMs);
    const calm = await instance.ask('reset');

    const flood = Flood.start(bus, subjects.key, forgedBroadcasts(await served()), messagesPerSecond);
    await until(() => flood.sent >= messages, 60_000);
    const flooded = await instance.ask('report');
    console.info(`timers late by ${lateness(flooded)}; without the flood by ${lateness(calm)}`);
    expect(flooded.status).toMatchObject({ active: true, edition: 'enterprise' });
    expect(flooded.editions.filter((edition) => edition !== 'enterprise')).toEqual([]);

    // Broadcasts of a renewal drown, the answer to a question does not
    const renewed = deployment.put(deployment.issuer.issue());
    await until(async () => deployment.open(await served()).license === renewed);
    await instance.ask('refresh');
    await until(() => holds(instance, 2));
    // and whoever starts now is not kept waiting.
    const late = await startInstance('late');
    await until(() => holds(late, 2));
    expect(await flood.stop()).toBeGreaterThan(0);

    for (const one of [instance, late]) {
      const codes = droppedBy(one);
      expect(codes.length).toBeGreaterThan(3);
      expect(codes).toEqual([...new Set(codes)]);
    }
  }, 120_000);

  it('hears broadcasts again as soon as it is over', async () => {
    deployment.put(deployment.issuer.issue());
    await until(() => holds(instance, 3));
    expect((await instance.status()).source).toBe('broadcast');
  });
});
