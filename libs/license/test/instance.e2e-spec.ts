import { readFileSync, statSync, writeFileSync } from 'node:fs';

import { connect } from 'nats';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { openKeyFile, parseEncryptionKeys, sealLicense } from '@latchkey/license/protocol';
import { TestIssuer, until } from '@latchkey/license/testing';
import type { LicenseModuleOptions } from '@latchkey/license';

import { Broker } from '../../../test/support/broker.js';
import { HandMadeServer } from './hand-made-server.js';
import { LicensedApp, newKeyPath } from './licensed-app.js';

describe('an instance on a real broker', () => {
  const encryptionKeys = generateEncryptionKey('2026-11');
  let issuer: TestIssuer;
  let broker: Broker;
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    broker = await Broker.reserve();
  });
  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.stop();
    await broker.kill();
  });

  const startApp = async (more: LicenseModuleOptions = {}): Promise<LicensedApp> => {
    const app = await LicensedApp.start({
      product: 'agent-os',
      trustedKeys: { ...issuer.trustedKeys },
      encryptionKeys,
      keyPath: newKeyPath(),
      nats: { servers: [broker.url] },
      environment: {},
      ...more,
    });
    running.push(app);
    return app;
  };
  const startServer = async (): Promise<HandMadeServer> => {
    const server = await HandMadeServer.start(broker.url, encryptionKeys);
    running.push(server);
    return server;
  };

  it('is community at once without a broker, and enterprise without a restart when broker and server come', async () => {
    const app = await startApp();
    await until(() => app.license.status.state === 'absent', 3000);
    expect(await app.get('enterprise')).toMatchObject({
      status: 402,
      body: {
        statusCode: 402,
        error: 'License Required',
        code: 'LICENSE_EDITION_REQUIRED',
        reason: 'absent',
      },
    });
    expect((await app.get('open')).status).toBe(200);

    await broker.start();
    const server = await startServer();
    await server.serve(issuer.issue());
    await until(async () => (await app.get('enterprise')).status === 200);
  });

  it('asks by itself, so that it never waits for a broadcast, and keeps its key in a file of mode 0600', async () => {
    await broker.start();
    const server = await startServer();
    await server.serve(issuer.issue());
    const keyPath = newKeyPath();
    const app = await startApp({ keyPath });
    await until(() => app.license.active);
    expect(app.license.status).toMatchObject({ state: 'active', source: 'reply', freshness: 'fresh' });
    await until(() => app.license.status.persisted);
    expect(statSync(keyPath).mode & 0o777).toBe(0o600);
  });

  it('keeps its edition when server and broker die, and after a restart with everything down', async () => {
    await broker.start();
    const server = await startServer();
    await server.serve(issuer.issue());
    const keyPath = newKeyPath();
    const app = await startApp({ keyPath });
    await until(() => app.license.status.persisted);
    await server.stop();
    await broker.kill();
    expect((await app.get('enterprise')).status).toBe(200);
    await app.stop();

    const restarted = await startApp({ keyPath });
    expect((await restarted.get('enterprise')).status).toBe(200);
    expect(restarted.license.status).toMatchObject({ source: 'file', state: 'active', persisted: true });
  });

  it('follows a renewal in memory and on disk, and refuses an older license afterwards', async () => {
    await broker.start();
    const server = await startServer();
    const older = issuer.issue();
    const newer = issuer.issue({ edition: 'flagship' });
    await server.serve(older);
    const keyPath = newKeyPath();
    const app = await startApp({ keyPath });
    await until(() => app.license.status.persisted);
    await server.serve(newer);
    await until(() => app.license.edition === 'flagship' && app.license.status.persisted);
    const stored = openKeyFile(readFileSync(keyPath, 'utf8'), parseEncryptionKeys(encryptionKeys));
    expect(stored.content.license).toBe(newer);

    await server.serve(older);
    await until(() => app.license.status.lastRefusal?.code === 'ROLLBACK');
    expect(app.license.edition).toBe('flagship');
  });

  it('takes nothing from a forger, whatever is put on the bus', async () => {
    await broker.start();
    const server = await startServer();
    await server.serve(issuer.issue());
    const app = await startApp();
    await until(() => app.license.active);
    const before = app.license.status;

    const stranger = await TestIssuer.create();
    const otherKeys = parseEncryptionKeys(generateEncryptionKey('2026-11'));
    const forger = await connect({ servers: broker.url });
    for (const packet of [
      '',
      'not json',
      '{"pattern":"license.key"}',
      '{"pattern":"license.key","data":null}',
    ]) {
      forger.publish('license.key', packet);
    }
    await forger.flush();
    await forger.close();
    // a stranger's license under a stranger's seal, under ours, and nothing at all under ours
    await server.broadcast(
      sealLicense(
        { sealedAtMs: Date.now(), server: 'x', license: stranger.issue({ serial: 99 }) },
        otherKeys,
      ),
    );
    await server.broadcast(server.seal(stranger.issue({ serial: 99 })));
    await server.broadcast(server.seal(null));
    // what comes after them still arrives
    await server.serve(issuer.issue({ serial: 50 }));
    await until(() => app.license.status.license?.serial === 50);
    expect(app.license.edition).toBe(before.edition);
  });

  it('waits as "pending", with Retry-After, while a connected broker has no answer yet', async () => {
    await broker.start();
    const app = await startApp({ bootstrapTimeoutMs: 60_000 });
    const { status, body, headers } = await app.get('enterprise');
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'LICENSE_PENDING', reason: 'pending' });
    expect(headers.get('retry-after')).toBe('2');
  });

  it('stays pending no longer than it is told to', async () => {
    await broker.start();
    const app = await startApp({ bootstrapTimeoutMs: 300 });
    await until(() => app.license.status.state === 'absent', 3000);
    expect((await app.get('enterprise')).status).toBe(402);
  });

  it('hears broadcasts again after the broker was restarted', async () => {
    await broker.start();
    const first = await startServer();
    await first.serve(issuer.issue());
    const app = await startApp();
    await until(() => app.license.active);
    await first.stop();
    await broker.kill();
    await broker.start();

    const second = await startServer();
    const renewed = issuer.issue({ edition: 'flagship' });
    await until(async () => {
      await second.serve(renewed);
      return app.license.edition === 'flagship';
    });
  });

  it('starts as community from a damaged key file, keeps a copy of it, and heals it with the next word', async () => {
    const keyPath = newKeyPath().replace('/keys/', '/');
    writeFileSync(keyPath, 'not a key file');
    const app = await startApp({ keyPath });
    await until(() => app.license.status.reason === 'refused');
    expect(readFileSync(keyPath, 'utf8')).toBe('not a key file');

    await broker.start();
    const server = await startServer();
    await server.serve(issuer.issue());
    await until(() => app.license.status.persisted);
    expect(readFileSync(`${keyPath}.rejected`, 'utf8')).toBe('not a key file');
    expect(openKeyFile(readFileSync(keyPath, 'utf8'), parseEncryptionKeys(encryptionKeys)).kid).toBe(
      '2026-11',
    );
  });
});
