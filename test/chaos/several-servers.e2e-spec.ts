import { join } from 'node:path';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { until } from '@latchkey/license/testing';

import { LicenseBus } from '../../apps/license-server/test/license-bus.js';
import { Deployment, type ServerProcess } from '../../apps/license-server/test/server-process.js';
import { LicensedApp, newKeyPath } from '../../libs/license/test/licensed-app.js';
import { Broker } from '../support/broker.js';

const secondMs = 1_000;

let broker: Broker;
let bus: LicenseBus;
let deployment: Deployment;
const apps: LicensedApp[] = [];

beforeEach(async () => {
  broker = await Broker.start();
  bus = await LicenseBus.connect(broker.url);
  deployment = await Deployment.create(broker.url);
});

afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
  await deployment.remove();
  await bus.close();
  await broker.kill();
});

/** One of the servers, on a host of its own: its own license file, its own clock. */
function startServer(name: string, license: string, clockOffMs: number): Promise<ServerProcess> {
  const path = join(deployment.directory, `${name}.lic`);
  deployment.put(license, path);
  const shiftClock = encodeURIComponent(`const now = Date.now; Date.now = () => now() + ${clockOffMs};`);
  return deployment.start({
    LICENSE_SERVER_ID: name,
    LICENSE_PATH: path,
    LICENSE_PUBLISH_INTERVAL: '1s',
    NODE_OPTIONS: `--import data:text/javascript,${shiftClock}`,
  });
}

async function startApp(): Promise<LicensedApp> {
  const app = await LicensedApp.start({
    product: 'agent-os',
    trustedKeys: { ...deployment.issuer.trustedKeys },
    encryptionKeys: deployment.env['LICENSE_ENCRYPTION_KEYS'] ?? '',
    keyPath: newKeyPath(),
    nats: { servers: [broker.url] },
    environment: {},
  });
  apps.push(app);
  return app;
}

const serialOf = (app: LicensedApp): number => app.license.status.license?.serial ?? 0;

/** The serials in force in an instance from now on, as they change; 0 while it runs community. */
function follow(app: LicensedApp): number[] {
  const serials: number[] = [];
  app.license.changes$.subscribe(({ active, license }) => {
    const serial = active ? (license?.serial ?? 0) : 0;
    if (serial !== serials.at(-1)) serials.push(serial);
  });
  return serials;
}

/** Waits until each of these servers has broadcast so many times more. */
async function hearFrom(servers: readonly string[], times: number): Promise<void> {
  const from = bus.broadcasts.length;
  await until(() => {
    const heard = bus.sealed.slice(from).map((sealed) => deployment.open(sealed).server);
    return servers.every((name) => heard.filter((server) => server === name).length >= times);
  });
}

describe('three license-servers, seconds apart, one with an older file', () => {
  const names = ['berlin', 'paris', 'rome'];
  let servers: Map<string, ServerProcess>;

  beforeEach(async () => {
    const { issuer } = deployment;
    const older = issuer.issue({ serial: 10 });
    const newer = issuer.issue({ serial: 20 });
    servers = new Map();
    const start = async (name: string, license: string, clockOffMs: number): Promise<void> =>
      void servers.set(name, await startServer(name, license, clockOffMs));
    await Promise.all([
      start('berlin', older, 7 * secondMs),
      start('paris', newer, -7 * secondMs),
      start('rome', newer, 0),
    ]);
  });

  it('lead every instance to the newest license, and none ever back', async () => {
    const instances = await Promise.all([startApp(), startApp(), startApp()]);
    const histories = instances.map(follow);
    await until(() => instances.every((app) => serialOf(app) === 20));
    await hearFrom(names, 3);

    // renewed on the one host that was behind
    deployment.put(deployment.issuer.issue({ serial: 30 }), join(deployment.directory, 'berlin.lic'));
    await until(() => instances.every((app) => serialOf(app) === 30));
    await hearFrom(names, 3);
    const straight = [0, 10, 20, 30];
    for (const history of histories) {
      expect(history).toEqual(straight.filter((serial) => history.includes(serial)));
      expect(history.at(-1)).toBe(30);
    }
  });

  it('share the requests', async () => {
    await until(() => bus.isAnswered());
    const answeredBy = new Set<string>();
    await until(async () => {
      const { response } = await bus.ask();
      answeredBy.add(deployment.open(response.sealed).server);
      return answeredBy.size === 3;
    });
    expect([...answeredBy].toSorted()).toEqual(names);
  });

  it('can be stopped, any of them, without being missed', async () => {
    const app = await startApp();
    await until(() => serialOf(app) === 20 && app.license.status.persisted);
    const history = follow(app);
    let serial = 20;
    for (const name of names) {
      await servers.get(name)?.stop('SIGKILL');
      const newcomer = await startApp();
      await until(() => newcomer.license.active);
      expect(deployment.open((await bus.ask()).response.sealed).server).not.toBe(name);
      serial += 1;
      servers.set(name, await startServer(name, deployment.issuer.issue({ serial }), 0));
      await until(() => serialOf(app) === serial);
    }
    expect(history).toEqual([20, 21, 22, 23]);
  });
});

describe('a second license-server with another encryption key', () => {
  it.each([
    ['of another name', 'second', 'KEY_UNKNOWN'],
    ['of the same name', 'first', 'SEAL_NOT_OPENED'],
  ])('%s is named once and lowers nothing', async (_, keyName, code) => {
    await startServer('berlin', deployment.issuer.issue(), 0);
    const app = await startApp();
    const lines: string[] = [];
    const keep = (line: unknown): void => void lines.push(String(line));
    app.app.useLogger({ log: keep, warn: keep, error: keep });
    await until(() => app.license.status.persisted);
    const history = follow(app);

    const path = join(deployment.directory, 'stranger.lic');
    deployment.put(deployment.issuer.issue(), path);
    await deployment.start({
      LICENSE_SERVER_ID: 'stranger',
      LICENSE_PATH: path,
      LICENSE_ENCRYPTION_KEYS: generateEncryptionKey(keyName),
      LICENSE_PUBLISH_INTERVAL: '1s',
    });
    const from = bus.broadcasts.length;
    await until(() => bus.broadcasts.length >= from + 6);
    expect(lines.filter((line) => line.startsWith('message dropped'))).toEqual([
      expect.stringContaining(code),
    ]);
    expect(history).toEqual([1]);
    // whoever asks is sent away by every second answer, and asks again
    const newcomers = await Promise.all([startApp(), startApp(), startApp()]);
    await until(() => newcomers.every((newcomer) => newcomer.license.active), 20_000);
  });
});
