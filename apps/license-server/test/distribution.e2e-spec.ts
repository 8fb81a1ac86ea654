import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '@latchkey/license/testing';

import { Broker } from '../../../test/support/broker.js';
import { LicenseBus } from './license-bus.js';
import { Deployment } from './server-process.js';

const changeLimitMs = 2_000;

let broker: Broker;
let bus: LicenseBus;
let deployment: Deployment;

beforeEach(async () => {
  broker = await Broker.start();
  bus = await LicenseBus.connect(broker.url);
  deployment = await Deployment.create(broker.url);
});

afterEach(async () => {
  await deployment.remove();
  await bus.close();
  await broker.kill();
});

describe('the license on the bus', () => {
  it('is broadcast at start, as a plain Nest event with a sealed license', async () => {
    const jws = deployment.put(deployment.issuer.issue());
    const before = Date.now();
    const server = await deployment.start({ LICENSE_SERVER_ID: 'server-1' });
    await until(() => bus.broadcasts.length === 1);
    const [packet = ''] = bus.broadcasts;
    const [sealed = ''] = bus.sealed;
    expect(JSON.parse(packet)).toEqual({ pattern: 'license.key', data: { v: 1, sealed } });
    const envelope = deployment.open(sealed);
    expect(envelope).toEqual({ sealedAtMs: expect.any(Number), server: 'server-1', license: jws });
    expect(envelope.sealedAtMs).toBeGreaterThanOrEqual(before - 1000);
    expect(await server.health()).toMatchObject({
      status: 'ok',
      reasons: [],
      license: { id: 'license-1', serial: 1, product: 'agent-os', edition: 'enterprise', standing: 'active' },
      nats: { connected: true },
      server: { id: 'server-1', encryptionKeys: ['first'], trustedKeys: [deployment.issuer.key.kid] },
    });
  });

  it('is broadcast again at every interval, sealed anew', async () => {
    deployment.put(deployment.issuer.issue());
    await deployment.start({ LICENSE_PUBLISH_INTERVAL: '1s' });
    await until(() => bus.broadcasts.length >= 4);
    expect(new Set(bus.sealed).size).toBe(bus.broadcasts.length);
  });

  it('is given on request, as a plain Nest reply', async () => {
    const jws = deployment.put(deployment.issuer.issue());
    await deployment.start();
    await until(() => bus.isAnswered());
    const reply = await bus.ask('x'.repeat(128));
    expect(reply).toEqual({
      response: { v: 1, sealed: expect.any(String) },
      isDisposed: true,
      id: 'x'.repeat(128),
    });
    expect(deployment.open(reply.response.sealed).license).toBe(jws);
    expect((await bus.ask('other')).response.sealed).toBe(reply.response.sealed);
  });

  it('is never broadcast while there is none; a request is told so', async () => {
    const server = await deployment.start({ LICENSE_PUBLISH_INTERVAL: '1s' });
    await until(() => bus.isAnswered());
    const { response } = await bus.ask();
    expect(deployment.open(response.sealed).license).toBeNull();
    expect(await server.health()).toMatchObject({
      status: 'degraded',
      reasons: [{ code: 'FILE_ABSENT', message: expect.stringContaining('no such file') }],
      license: null,
      nats: { connected: true, lastPublishedAt: null },
    });
    const jws = deployment.put(deployment.issuer.issue());
    await until(() => bus.broadcasts.length > 0, changeLimitMs);
    expect(deployment.open(bus.sealed[0] ?? '').license).toBe(jws);
    expect(deployment.open((await bus.ask()).response.sealed).license).toBe(jws);
  });

  it('follows the file within two seconds: written in place, renamed, and by symlink swap', async () => {
    const { directory, issuer, licensePath } = deployment;
    for (const name of ['..1', '..2']) mkdirSync(join(directory, name));
    deployment.put(issuer.issue());
    await deployment.start();
    await until(() => bus.broadcasts.length === 1);

    const expectSoon = async (jws: string): Promise<void> => {
      await until(() => deployment.open(bus.sealed.at(-1) ?? '').license === jws, changeLimitMs);
    };
    await expectSoon(deployment.put(issuer.issue()));

    const renamed = deployment.put(issuer.issue(), `${licensePath}.tmp`);
    renameSync(`${licensePath}.tmp`, licensePath);
    await expectSoon(renamed);

    const [first, second] = ['..1', '..2'].map((name) =>
      deployment.put(issuer.issue(), join(directory, name, 'license.lic')),
    );
    symlinkSync('..1', join(directory, '..data'));
    symlinkSync(join('..data', 'license.lic'), `${licensePath}.tmp`);
    renameSync(`${licensePath}.tmp`, licensePath);
    await expectSoon(first ?? '');
    symlinkSync('..2', join(directory, '..data.tmp'));
    renameSync(join(directory, '..data.tmp'), join(directory, '..data'));
    await expectSoon(second ?? '');
  });

  it('does not go back: an older file is refused and the server degraded', async () => {
    const older = deployment.issuer.issue();
    const newer = deployment.put(deployment.issuer.issue());
    const server = await deployment.start({ LICENSE_PUBLISH_INTERVAL: '1s' });
    await until(() => bus.broadcasts.length > 0);
    deployment.put(older);
    await until(async () => (await server.reasons()).includes('ROLLBACK'));
    const heard = bus.broadcasts.length;
    await until(() => bus.broadcasts.length > heard + 1);
    expect(new Set(bus.sealed.map((sealed) => deployment.open(sealed).license))).toEqual(new Set([newer]));
    expect(await server.health()).toMatchObject({ status: 'degraded', license: { serial: 2 } });
    deployment.put(newer);
    await until(async () => (await server.health()).status === 'ok');
  });

  it('is served although it has expired, and the server says so', async () => {
    const nowS = Math.floor(Date.now() / 1000);
    const jws = deployment.put(deployment.issuer.issue({ iat: nowS - 60, exp: nowS - 30 }));
    const server = await deployment.start();
    await until(() => bus.broadcasts.length === 1);
    expect(deployment.open(bus.sealed[0] ?? '').license).toBe(jws);
    expect(await server.health()).toMatchObject({
      status: 'degraded',
      reasons: [{ code: 'EXPIRED' }],
      license: { standing: 'expired', expiresAt: new Date((nowS - 30) * 1000).toISOString() },
    });
  });

  it('goes out under another prefix, product and all, when the configuration says so', async () => {
    deployment.put(deployment.issuer.issue({ aud: 'other-product' }));
    const heard: string[] = [];
    bus.connection.subscribe('acme.lic.key', { callback: (_, message) => void heard.push(message.string()) });
    await deployment.start({ LICENSE_SUBJECT_PREFIX: 'acme.lic', LICENSE_PRODUCT: 'other-product' });
    await until(() => heard.length === 1);
    expect(JSON.parse(heard[0] ?? '')).toHaveProperty('pattern', 'acme.lic.key');
    const request = '{"pattern":"acme.lic.key.request","data":{"v":1},"id":"1"}';
    const reply = await bus.connection.request('acme.lic.key.request', request, { timeout: 2_000 });
    expect(reply.json()).toHaveProperty('response.sealed');
    expect(bus.broadcasts).toEqual([]);
  });
});

describe('several servers', () => {
  it('share the requests: each one is answered once', async () => {
    deployment.put(deployment.issuer.issue());
    const ids = ['server-1', 'server-2'];
    for (const id of ids) await deployment.start({ LICENSE_SERVER_ID: id });
    await until(() => new Set(bus.sealed.map((sealed) => deployment.open(sealed).server)).size === 2);
    await until(() => bus.isAnswered());

    const inbox = '_INBOX.answers';
    const answers: string[] = [];
    bus.connection.subscribe(inbox, { callback: (_, message) => void answers.push(message.string()) });
    const requests = 60;
    for (let i = 0; i < requests; i += 1) {
      const request = JSON.stringify({ pattern: 'license.key.request', data: { v: 1 }, id: String(i) });
      bus.connection.publish('license.key.request', request, { reply: inbox });
    }
    await until(() => answers.length >= requests);
    await bus.connection.flush();
    expect(answers).toHaveLength(requests);
    const servers = answers.map((text) => {
      const { response } = JSON.parse(text) as { response: { sealed: string } };
      return deployment.open(response.sealed).server;
    });
    expect(new Set(servers)).toEqual(new Set(ids));
  });
});

describe('a hostile bus', () => {
  it('does not silence the server: it goes on answering', async () => {
    const jws = deployment.put(deployment.issuer.issue());
    const server = await deployment.start();
    await until(() => bus.isAnswered());
    const garbage = ['', 'hello {', 'null', '[]', '{"id":{}}', '{"data":1}', '['.repeat(50_000), '{"id":"1"'];
    for (const text of [...garbage, 'x'.repeat(200_000)]) {
      for (const subject of ['license.key.request', 'license.key']) {
        bus.connection.publish(subject, text);
        bus.connection.publish(subject, text, { reply: 'nobody.listens' });
      }
    }
    bus.connection.publish('license.key.request', Uint8Array.of(0xff, 0x00, 0xfe), {
      reply: 'nobody.listens',
    });
    await bus.connection.flush();
    expect(deployment.open((await bus.ask()).response.sealed).license).toBe(jws);
    expect(await server.health()).toMatchObject({ status: 'ok', license: { serial: 1 } });
    expect(server.output).not.toContain('hello');
    expect(server.output).not.toMatch(/error|warn/i);
  });

  it('cannot have its answer sent to the broadcast subject or to JetStream', async () => {
    deployment.put(deployment.issuer.issue());
    await deployment.start();
    await until(() => bus.isAnswered());
    await until(() => bus.broadcasts.length > 0);
    const request = JSON.stringify({ pattern: 'license.key.request', data: { v: 1 }, id: 'steered' });
    const steered: string[] = [];
    bus.connection.subscribe('$JS.API.>', { callback: (_, message) => void steered.push(message.string()) });
    bus.connection.publish('license.key.request', request, { reply: 'license.key' });
    bus.connection.publish('license.key.request', request, { reply: '$JS.API.STREAM.PURGE.LICENSE' });
    await bus.isAnswered(); // answered after the two before it were read
    await bus.connection.flush();
    expect([...bus.broadcasts, ...steered].filter((text) => text.includes('steered'))).toEqual([]);
  });
});
