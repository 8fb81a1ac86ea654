import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connect, type NatsConnection } from 'nats';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { TestIssuer, until } from '@latchkey/license/testing';

import { Broker } from '../../../test/support/broker.js';
import { HandMadeServer } from './hand-made-server.js';
import { LicensedApp, newKeyPath } from './licensed-app.js';

describe('the copy that the broker keeps', () => {
  const encryptionKeys = generateEncryptionKey('2026-11');
  let issuer: TestIssuer;
  let broker: Broker;
  let operator: NatsConnection;
  let app: LicensedApp | undefined;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
    broker = await Broker.start('-js', '-sd', mkdtempSync(join(tmpdir(), 'latchkey-js-')));
    operator = await connect({ servers: broker.url });
    await (
      await operator.jetstreamManager()
    ).streams.add({
      name: 'LICENSE',
      subjects: ['license.key'],
      max_msgs_per_subject: 1,
      allow_direct: true,
    });
  });
  afterEach(async () => {
    await app?.stop();
    app = undefined;
  });
  afterAll(async () => {
    await operator.close();
    await broker.kill();
  });

  const start = async (): Promise<LicensedApp> => {
    app = await LicensedApp.start({
      product: 'agent-os',
      trustedKeys: { ...issuer.trustedKeys },
      encryptionKeys,
      keyPath: newKeyPath(),
      nats: { servers: [broker.url] },
      environment: {},
    });
    return app;
  };
  const broadcastOnce = async (license: string): Promise<void> => {
    const server = await HandMadeServer.start(broker.url, encryptionKeys);
    await server.broadcast(server.seal(license));
    await server.stop();
  };

  it('makes a brand-new instance enterprise while every license-server is dead', async () => {
    await broadcastOnce(issuer.issue());
    const fresh = await start();
    await until(() => fresh.license.active);
    expect(fresh.license.status).toMatchObject({ source: 'retained', state: 'active' });
  });

  it.each([
    ['is not JSON', 'garbage'],
    ['is no packet of ours', '{"pattern":"license.key","data":{"v":1,"sealed":"a.b.c.d.e"}}'],
    ['is oversized', JSON.stringify({ pattern: 'license.key', data: { v: 1, sealed: 'x'.repeat(60_000) } })],
  ])('is worth nothing when it %s, and costs nothing', async (_what, packet) => {
    operator.publish('license.key', packet);
    await operator.flush();
    const fresh = await start();
    await until(() => fresh.license.status.state === 'pending');
    // the next word of a server is heard as ever
    const server = await HandMadeServer.start(broker.url, encryptionKeys);
    await server.serve(issuer.issue());
    await until(() => fresh.license.active);
    await server.stop();
  });

  it('never takes the place of something newer', async () => {
    const older = issuer.issue();
    const server = await HandMadeServer.start(broker.url, encryptionKeys);
    await server.serve(issuer.issue());
    const instance = await start();
    await until(() => instance.license.active);
    const { license } = instance.license.status;
    await server.stop();
    await broadcastOnce(older);
    instance.license.refresh();
    await until(() => instance.license.status.lastRefusal?.origin === 'retained');
    expect(instance.license.status).toMatchObject({ active: true, license });
  });
});
