import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect, type JetStreamManager, type NatsConnection } from 'nats';

import { until } from '@latchkey/license/testing';

import { LicensedApp, newKeyPath } from '../../../libs/license/test/licensed-app.js';
import { Broker } from '../../../test/support/broker.js';
import { LicenseBus } from './license-bus.js';
import { Deployment, type ServerProcess } from './server-process.js';

/** What the server prints about the copy, without time and process. */
const linesAboutTheCopy = (server: ServerProcess): string[] =>
  server.output
    .split('\n')
    .filter((line) => /last broadcast|JetStream|\$JS/.test(line))
    .map((line) => line.replace(/^.*?(LOG|WARN|ERROR)/, '$1'));

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'latchkey-js-'));

let broker: Broker;
let deployment: Deployment;
let operator: NatsConnection | undefined;

beforeEach(async () => {
  broker = await Broker.reserve();
  deployment = await Deployment.create(broker.url);
  deployment.put(deployment.issuer.issue());
});

afterEach(async () => {
  await operator?.close();
  operator = undefined;
  await deployment.remove();
  await broker.kill();
});

/** JetStream as whoever runs the broker manages it. */
async function jetStream(options: { user?: string; pass?: string } = {}): Promise<JetStreamManager> {
  operator = await connect({ servers: broker.url, ...options });
  return operator.jetstreamManager();
}

async function startServer(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const server = await deployment.start({ LICENSE_PUBLISH_INTERVAL: '1s', ...env });
  await until(() => linesAboutTheCopy(server).length > 0);
  return server;
}

describe('on a broker with JetStream', () => {
  it('the last broadcast is kept, the very first included', async () => {
    await broker.start('-js', '-sd', newFolder());
    const server = await startServer({ LICENSE_PUBLISH_INTERVAL: '1h' });
    const streams = (await jetStream()).streams;
    expect((await streams.info('LICENSE')).config).toMatchObject({
      subjects: ['license.key'],
      max_msgs: 1,
      max_msgs_per_subject: 1,
      max_msg_size: 65_536,
      discard: 'old',
      storage: 'file',
      num_replicas: 1,
      allow_direct: true,
    });
    await until(async () => (await streams.info('LICENSE')).state.messages === 1);
    expect(linesAboutTheCopy(server)).toEqual([
      expect.stringMatching(/^LOG \[NATS\] NATS keeps the last broadcast in the stream LICENSE/),
    ]);
    expect((await server.health()).status).toBe('ok');
  });

  it('a brand-new instance becomes enterprise while every license-server is dead', async () => {
    await broker.start('-js', '-sd', newFolder());
    const server = await startServer({ LICENSE_PUBLISH_INTERVAL: '1h' });
    const streams = (await jetStream()).streams;
    await until(async () => (await streams.info('LICENSE')).state.messages === 1);
    await server.stop('SIGKILL');

    const app = await LicensedApp.start({
      product: 'agent-os',
      trustedKeys: { ...deployment.issuer.trustedKeys },
      encryptionKeys: deployment.env['LICENSE_ENCRYPTION_KEYS'] ?? '',
      keyPath: newKeyPath(),
      nats: { servers: [broker.url] },
      environment: {},
    });
    await until(() => app.license.status.persisted);
    expect(app.license.status).toMatchObject({ active: true, edition: 'enterprise', source: 'retained' });
    await app.stop();
  });

  it('a stream with other settings is corrected', async () => {
    await broker.start('-js', '-sd', newFolder());
    const { streams } = await jetStream();
    await streams.add({ name: 'LICENSE', subjects: ['license.key'], max_age: 1e9, max_msg_size: 100 });
    const server = await startServer();
    expect((await streams.info('LICENSE')).config).toMatchObject({
      max_msgs: 1,
      max_age: 0,
      max_msg_size: 65_536,
      allow_direct: true,
    });
    expect((await server.health()).status).toBe('ok');
    await until(async () => (await streams.info('LICENSE')).state.messages === 1);
  });

  it('a stream of that name for other subjects is left as it is, and named once', async () => {
    await broker.start('-js', '-sd', newFolder());
    const { streams } = await jetStream();
    await streams.add({ name: 'LICENSE', subjects: ['licenses.sold'] });
    const bus = await LicenseBus.connect(broker.url);
    const server = await startServer();
    await until(() => bus.broadcasts.length >= 3);
    expect((await streams.info('LICENSE')).config).toMatchObject({
      subjects: ['licenses.sold'],
      max_msgs: -1,
    });
    expect(linesAboutTheCopy(server)).toEqual([
      expect.stringContaining('subjects: expected ["license.key"], found ["licenses.sold"]'),
    ]);
    expect(await server.reasons()).toEqual(['NOT_RETAINED']);
    await bus.close();
  });

  it('another stream on the same subject is named once, and goes on', async () => {
    await broker.start('-js', '-sd', newFolder());
    const { streams } = await jetStream();
    await streams.add({ name: 'EVERYTHING', subjects: ['license.>'] });
    const server = await startServer();
    expect(linesAboutTheCopy(server)).toEqual([expect.stringMatching(/^WARN .*subjects overlap/)]);
    expect(await server.reasons()).toEqual(['NOT_RETAINED']);

    await streams.delete('EVERYTHING');
    await until(async () => (await server.health()).status === 'ok');
    expect((await streams.info('LICENSE')).config.max_msgs).toBe(1);
  });

  it('a stream that may not be corrected is named, with what is wrong', async () => {
    await broker.start(...withPermissions('deny: "$JS.API.STREAM.UPDATE.>"'));
    const { streams } = await jetStream({ user: 'operator', pass: 'operator' });
    await streams.add({ name: 'LICENSE', subjects: ['license.key'], max_msgs: 1, max_msg_size: 65_536 });
    const server = await startServer(asServer);
    expect(linesAboutTheCopy(server)).toEqual([
      expect.stringMatching(/^WARN .*allow_direct: expected true, found false.*could not be corrected/),
    ]);
    expect(await server.reasons()).toEqual(['NOT_RETAINED']);
  });

  it('a stream that is deleted is made again', async () => {
    await broker.start('-js', '-sd', newFolder());
    await startServer();
    const { streams } = await jetStream();
    await streams.delete('LICENSE');
    await until(async () => (await streams.info('LICENSE')).state.messages === 1);
  });
});

describe('it is never required', () => {
  it.each([
    ['without JetStream', () => [], {}],
    ['without permission for JetStream', () => withPermissions('deny: "$JS.API.>"'), { user: 'server' }],
    ['on an account without JetStream', () => withoutJetStreamAccount(), { user: 'server' }],
  ])(
    '%s there is one line of information, and nothing else',
    async (_, args, { user }: { user?: string }) => {
      await broker.start(...args());
      const server = await startServer(user === undefined ? {} : asServer);
      const bus = await LicenseBus.connect(broker.url, user === undefined ? {} : { user, pass: user });
      await until(() => bus.broadcasts.length >= 3 && bus.isAnswered());
      expect(linesAboutTheCopy(server)).toEqual([
        expect.stringMatching(/^LOG \[NATS\] NATS keeps no copy of the last broadcast, which is optional/),
      ]);
      expect(await server.health()).toMatchObject({ status: 'ok', reasons: [] });
      await bus.close();
    },
  );

  it('once the broker has JetStream, the copy is there without a restart', async () => {
    await broker.start();
    await startServer();
    await broker.kill();
    await broker.start('-js', '-sd', newFolder());
    const { streams } = await jetStream();
    await until(async () => (await streams.info('LICENSE')).state.messages === 1);
  });
});

const asServer = { NATS_USER: 'server', NATS_PASSWORD: 'server' };

/** A broker on which the user `server` may publish all but this. */
function withPermissions(publish: string): string[] {
  return withConfiguration(`
    jetstream { store_dir: "${newFolder()}" }
    authorization { users: [
      { user: operator, password: operator }
      { user: server, password: server, permissions { publish { ${publish} } } }
    ] }`);
}

function withoutJetStreamAccount(): string[] {
  return withConfiguration(`
    jetstream { store_dir: "${newFolder()}" }
    accounts {
      LICENSING { users: [{ user: server, password: server }] }
      OTHERS { jetstream: enabled, users: [{ user: operator, password: operator }] }
    }`);
}

function withConfiguration(text: string): string[] {
  const path = join(newFolder(), 'nats-server.conf');
  writeFileSync(path, text);
  return ['-c', path];
}
