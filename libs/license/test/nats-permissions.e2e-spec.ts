import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';

import { connect, nkeys } from 'nats';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { TestIssuer, until } from '@latchkey/license/testing';

import { HandMadeServer } from './hand-made-server.js';
import { LicensedApp, newKeyPath } from './licensed-app.js';
import type { NatsUser } from './nats-user.js';
import { SecuredBroker } from './secured-broker.js';

const retained = '$JS.API.DIRECT.GET.LICENSE.license.key';
/** As the license-server makes it. */
const stream = {
  name: 'LICENSE',
  subjects: ['license.key'],
  storage: 'file',
  retention: 'limits',
  num_replicas: 1,
  max_msgs: 1,
  allow_direct: true,
  deny_purge: true,
};
let broker: SecuredBroker;

beforeAll(async () => {
  broker = await SecuredBroker.start();
});
afterAll(() => broker.stop());

describe('with the permissions of deploy/nats', () => {
  let instance: NatsUser;
  let server: NatsUser;

  beforeAll(async () => {
    instance = await broker.connect('instance');
    server = await broker.connect('server');
    await manage('CREATE', stream);
  });
  afterEach(async () => {
    await instance.rest();
    await server.rest();
  });
  afterAll(async () => {
    await instance.close();
    await server.close();
  });

  /** Asks JetStream as a server does. @returns the settings of the stream */
  const manage = async (verb: string, settings?: object): Promise<object | undefined> => {
    const payload = settings === undefined ? '' : JSON.stringify(settings);
    const answer = await server.connection.request(`$JS.API.STREAM.${verb}.LICENSE`, payload);
    return answer.json<{ config?: object }>().config;
  };

  it('an instance asks, a server of the queue group answers, and the instance hears it', async () => {
    const requests = await server.hears('license.key.request', 'license-servers');
    const asking = instance.connection.request('license.key.request', 'the license, please');
    await until(() => requests.length === 1);
    requests[0]?.respond('here it is');
    expect((await asking).string()).toBe('here it is');
  });

  it('a server broadcasts, and every instance hears it', async () => {
    const other = await broker.connect('instance');
    const heard = [await instance.hears('license.key'), await other.hears('license.key')];
    expect(await server.publishes('license.key', 'to all')).toBe(true);
    await until(() => heard.every(([message]) => message?.string() === 'to all'));
    await other.close();
  });

  it('an instance reads the copy that the broker keeps of the last broadcast', async () => {
    await server.publishes('license.key', 'the last word');
    await until(async () => (await instance.connection.request(retained)).string() === 'the last word');
  });

  it('an instance reports its status, and a server hears it', async () => {
    const reports = await server.hears('license.status.*');
    expect(await instance.publishes('license.status.instance-1', 'fine')).toBe(true);
    await until(() => reports[0]?.subject === 'license.status.instance-1');
  });

  it('a server makes the one stream, and looks after it', async () => {
    const settings = await manage('INFO');
    expect(settings).toMatchObject(stream);
    expect(await manage('UPDATE', { ...settings, description: 'a copy' })).toMatchObject({
      description: 'a copy',
    });
  });

  it.each([
    ['broadcast', 'license.key'],
    ['write to its own inbox, where answers arrive', '_INBOX_instance.1'],
    ["write to a server's inbox", '_INBOX_server.1'],
    ['read other copies than the one it needs', '$JS.API.DIRECT.GET.LICENSE'],
    ['read the stream by another way', '$JS.API.STREAM.MSG.GET.LICENSE'],
    ['look at the stream', '$JS.API.STREAM.INFO.LICENSE'],
    ['empty the stream', '$JS.API.STREAM.PURGE.LICENSE'],
    ['delete the stream', '$JS.API.STREAM.DELETE.LICENSE'],
    ['read the stream as a consumer', '$JS.API.CONSUMER.CREATE.LICENSE'],
    ['ask the broker about itself', '$SYS.REQ.SERVER.PING'],
    ['use any other subject', 'orders.created'],
  ])('an instance may not %s', async (_what, subject) => {
    expect(await instance.publishes(subject)).toBe(false);
  });

  it.each([
    ['hear the requests of others', 'license.key.request'],
    ['be asked in place of the servers', 'license.key.request license-servers'],
    ['be asked beside the servers', 'license.key.request more-servers'],
    ['hear the reports of others', 'license.status.*'],
    ['hear what the servers ask', '_INBOX_server.>'],
    ['hear the inboxes of others', '_INBOX.>'],
    ['hear all of the licensing', 'license.>'],
    ['hear everything', '>'],
  ])('an instance may not %s', async (_what, subject) => {
    expect(await instance.subscribes(subject)).toBe(false);
  });

  it.each([
    ['ask for the license', 'license.key.request'],
    ['report a status', 'license.status.instance-1'],
    ['write to an inbox that did not ask', '_INBOX_instance.1'],
    ['empty the stream', '$JS.API.STREAM.PURGE.LICENSE'],
    ['delete the stream', '$JS.API.STREAM.DELETE.LICENSE'],
    ['make another stream', '$JS.API.STREAM.CREATE.OTHER'],
    ['use any other subject', 'orders.created'],
  ])('a server may not %s', async (_what, subject) => {
    expect(await server.publishes(subject)).toBe(false);
  });

  it.each([
    ['hear broadcasts', 'license.key'],
    ['hear requests outside of the queue group', 'license.key.request'],
    ['hear requests in another queue group', 'license.key.request more-servers'],
    ['hear the answers to instances', '_INBOX_instance.>'],
    ['hear everything', '>'],
  ])('a server may not %s', async (_what, subject) => {
    expect(await server.subscribes(subject)).toBe(false);
  });

  it('a server answers a request once, and not after five seconds', async () => {
    const requests = await server.hears('license.key.request', 'license-servers');
    await instance.publishes('license.key.request', '', '_INBOX_instance.first');
    await until(() => requests.length === 1);
    expect(await server.publishes('_INBOX_instance.first')).toBe(true);
    expect(await server.publishes('_INBOX_instance.first')).toBe(false);

    await instance.publishes('license.key.request', '', '_INBOX_instance.second');
    await until(() => requests.length === 2);
    const askedAtMs = performance.now();
    await until(() => performance.now() - askedAtMs > 5_000);
    expect(await server.publishes('_INBOX_instance.second')).toBe(false);
  });

  it('an instance cannot have the stream emptied by the answer of a server', async () => {
    await server.publishes('license.key', 'the last word');
    const requests = await server.hears('license.key.request', 'license-servers');
    await instance.publishes('license.key.request', '', '$JS.API.STREAM.PURGE.LICENSE');
    await until(() => requests.length === 1);
    expect(await server.publishes('$JS.API.STREAM.PURGE.LICENSE', '{}')).toBe(true);
    expect((await instance.connection.request(retained)).string()).toBe('the last word');
  });
});

describe('without a user', () => {
  const stranger = nkeys.createUser().getSeed();

  it.each([
    ['no credentials', () => broker.anonymous],
    ['an nkey that the broker does not know', () => broker.optionsOf('instance', Buffer.from(stranger))],
    ['a user name and a password', () => ({ ...broker.anonymous, user: 'instance', pass: 'instance' })],
  ])('nobody gets in with %s', async (_what, options) => {
    await expect(connect(options())).rejects.toMatchObject({ code: 'AUTHORIZATION_VIOLATION' });
  });

  it('nobody gets in without TLS', async () => {
    const socket = connectSocket(Number(new URL(broker.url).port), '127.0.0.1').setEncoding('utf8');
    let heard = '';
    socket.on('data', (text: string) => (heard += text));
    await until(() => heard.startsWith('INFO'));
    socket.write('CONNECT {}\r\nSUB license.key 1\r\nPING\r\n');
    await once(socket, 'close');
    expect(heard).not.toContain('PONG');
  });
});

describe('an app with LicenseModule behind those permissions', () => {
  const encryptionKeys = generateEncryptionKey('2026-11');
  const running: { stop(): Promise<void> }[] = [];
  let issuer: TestIssuer;
  let server: HandMadeServer;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    server = await HandMadeServer.start(broker.url, encryptionKeys, broker.optionsOf('server'));
    running.push(server);
  });
  afterEach(async () => {
    for (const part of running.splice(0).toReversed()) await part.stop();
    await broker.restore();
  });

  const start = async (environment = broker.environment('instance')): Promise<LicensedApp> => {
    const app = await LicensedApp.start({
      product: 'agent-os',
      trustedKeys: { ...issuer.trustedKeys },
      encryptionKeys,
      keyPath: newKeyPath(),
      environment,
    });
    running.push(app);
    return app;
  };
  /** An app that is licensed by an answer; only a broadcast can bring it what is renewed after that. */
  const startLicensed = async (): Promise<LicensedApp> => {
    await server.serve(issuer.issue());
    const app = await start();
    await until(() => app.license.status.source === 'reply');
    return app;
  };
  const takeBroadcastsAway = () =>
    broker.change('nats-server.conf', /"license\.key"(?=\s+"_INBOX_instance)/, '');
  const hearsRenewal = async (app: LicensedApp): Promise<void> => {
    const renewed = issuer.issue({ edition: 'flagship' });
    await until(async () => {
      await server.broadcast(server.seal(renewed));
      return app.license.edition === 'flagship';
    }, 20_000);
    expect(app.license.status.source).toBe('broadcast');
  };

  it('becomes enterprise by NATS_URL, NATS_NKEY_SEED_FILE and NATS_TLS_CA_FILE, and hears broadcasts', async () => {
    const app = await startLicensed();
    expect((await app.get('enterprise')).status).toBe(200);
    await hearsRenewal(app);
  });

  it('does not talk to a broker whose certificate is of another CA', async () => {
    await server.serve(issuer.issue());
    const app = await start({ ...broker.environment('instance'), NATS_TLS_CA_FILE: '' });
    await until(() => app.license.status.state === 'absent');
    expect(server.requests).toBe(0);
  });

  it('recovers by itself when it may not hear broadcasts for a while, on the same connection', async () => {
    const app = await startLicensed();
    await until(() => server.requests === 2); // both questions of a new connection
    const { requests } = server;
    await takeBroadcastsAway();
    await until(() => broker.said('Removed sub "license.key"'));
    await until(() => broker.said('Subscription Violation')); // it tries again, in vain
    await broker.restore();
    await hearsRenewal(app);
    expect(server.requests).toBe(requests); // as it would have asked after a new connection
  });

  it('recovers by itself when its user is taken away and its connection closed', async () => {
    const app = await startLicensed();
    const key = nkeys.createUser().getPublicKey();
    await broker.change('site.conf', /(?<=instance_nkey: )\w+/, key);
    await until(() => broker.said('authentication error'));
    await broker.restore();
    await hearsRenewal(app);
  });

  it('hears broadcasts once it may, also when it might not at its start', async () => {
    await takeBroadcastsAway();
    const app = await startLicensed();
    expect(broker.said('Subscription Violation')).toBe(true);
    await broker.restore();
    await hearsRenewal(app);
  });

  it('keeps its license when an instance has answers sent where broadcasts go', async () => {
    const app = await startLicensed();
    const { license } = app.license.status;
    const insider = await broker.connect('instance');
    const heard = await insider.hears('license.key');
    await insider.publishes('license.key.request', '{"id":"1"}', 'license.key');
    await until(() => heard.some((message) => message.string().startsWith('{"response":')));
    await insider.close();
    expect(app.license.status).toMatchObject({ active: true, license });
    await hearsRenewal(app);
  });
});

it('the check of docs/nats.md shows what it promises', () => {
  expect(broker.follow('Check that it works')).toContain(
    'Permissions Violation for Publish to "license.key"',
  );
});
