import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { until } from '@latchkey/license/testing';

import { Broker } from '../../../test/support/broker.js';
import { LicenseBus } from './license-bus.js';
import { Deployment } from './server-process.js';

const everything = '{ publish: ">", subscribe: ">" }';

let directory: string;
let broker: Broker;
let bus: LicenseBus;
let deployment: Deployment;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'license-server-permissions-'));
  permit(everything);
  broker = await Broker.start('-c', join(directory, 'nats.conf'));
  bus = await LicenseBus.connect(broker.url, { user: 'watcher', pass: 'w' });
  deployment = await Deployment.create(broker.url);
});

afterEach(async () => {
  await deployment.remove();
  await bus.close();
  await broker.kill();
  rmSync(directory, { recursive: true });
});

/** What the license-server's user may do from the next reload on. */
function permit(permissions: string): void {
  const users = `{ user: watcher, password: w }, { user: server, password: s, permissions: ${permissions} }`;
  writeFileSync(join(directory, 'nats.conf'), `authorization { users: [ ${users} ] }\n`);
}

describe('a license-server whose permissions are taken away and given back', () => {
  it.each([
    ['to be asked', '{ publish: ">", subscribe: { allow: ">", deny: "license.key.request" } }'],
    ['to broadcast', '{ publish: { allow: ">", deny: "license.key" }, subscribe: ">" }'],
  ])('says so, and recovers by itself: the permission %s', async (_what, permissions) => {
    deployment.put(deployment.issuer.issue());
    const server = await deployment.start({
      NATS_USER: 'server',
      NATS_PASSWORD: 's',
      LICENSE_PUBLISH_INTERVAL: '1s',
    });
    await until(() => bus.isAnswered());
    expect(await server.health()).toMatchObject({ status: 'ok' });

    permit(permissions);
    broker.reload();
    await until(async () => JSON.stringify(await server.health()).includes('NATS_REFUSED'));

    permit(everything);
    broker.reload();
    await until(async () => (await server.health()).status === 'ok', 20_000);
    const heard = bus.broadcasts.length;
    await until(async () => (await bus.isAnswered()) && bus.broadcasts.length > heard);
  });
});
