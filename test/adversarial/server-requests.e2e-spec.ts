import { connect, createInbox, type NatsConnection } from 'nats';

import { encodeRequest, parseReply, subjectsFor } from '@latchkey/license/protocol';
import { until } from '@latchkey/license/testing';

import { Deployment, type ServerProcess } from '../../apps/license-server/test/server-process.js';
import { Broker } from '../support/broker.js';
import { Flood } from './flood.js';
import { expectNothingSecret } from './server-secrets.js';

const subjects = subjectsFor('license');

/** What is no request: none of it has an id that an answer could go to. */
const noRequests: readonly (string | Uint8Array)[] = [
  '',
  'not JSON',
  'null',
  '[]',
  '"id"',
  '{}',
  '{"id":null}',
  '{"id":1}',
  '{"id":""}',
  '{"id":["x"]}',
  '{"id":{"toString":"x"}}',
  '{"__proto__":{"id":"x"}}',
  JSON.stringify({ id: 'x'.repeat(129) }),
  `{"id":"x","more":"${'x'.repeat(64 * 1024)}"}`,
  '['.repeat(60_000),
  Buffer.from([0xff, 0xfe, 0x00]),
  Buffer.alloc(1_000_000),
];

describe('the request subject of the license-server', () => {
  let broker: Broker;
  let deployment: Deployment;
  let server: ServerProcess;
  let bus: NatsConnection;
  let jws: string;

  beforeAll(async () => {
    broker = await Broker.start();
    deployment = await Deployment.create(broker.url);
    jws = deployment.put(deployment.issuer.issue());
    server = await deployment.start({ LOG_LEVEL: 'debug', LICENSE_PUBLISH_INTERVAL: '1h' });
    bus = await connect({ servers: broker.url });
    await until(async () => (await ask('first')).length > 0);
  });
  afterAll(async () => {
    await bus.close();
    await deployment.remove();
    await broker.kill();
  });

  async function ask(id: string): Promise<string> {
    return (await bus.request(subjects.request, encodeRequest(subjects, id), { timeout: 5_000 })).string();
  }

  /** Sends messages that name where answers should go, and then a question, so that all answers have come. */
  async function answersTo(
    messages: readonly (string | Uint8Array)[],
    replyTo = createInbox(),
  ): Promise<string[]> {
    const answers: string[] = [];
    const inbox = bus.subscribe(replyTo, {
      callback: (_error, message) => void answers.push(message.string()),
    });
    for (const message of messages) bus.publish(subjects.request, message, { reply: replyTo });
    await ask('last');
    inbox.unsubscribe();
    return answers;
  }

  it('gives no answer to what is no request', async () => {
    expect(await answersTo(noRequests)).toEqual([]);
  });

  it('repeats nothing of a request but its id', async () => {
    const odd = '"}<script>${x}\u2028\\';
    const [answer = ''] = await answersTo([
      JSON.stringify({ id: odd, pattern: 'other', data: { v: 9, license: 'x' }, more: 'repeated?' }),
    ]);
    expect(deployment.open(parseReply(Buffer.from(answer), odd)).license).toBe(jws);
    expect(answer).not.toContain('repeated?');
    expectNothingSecret(answer, deployment, jws);
  });

  it.each([subjects.key, subjects.request, subjects.retained, '$JS.API.STREAM.PURGE.LICENSE'])(
    'cannot be made to publish on %s by a request that wants its answer there',
    async (replyTo) => {
      const heard = await answersTo([encodeRequest(subjects, 'x')], replyTo);
      // Only what was published here by hand: on the request subject that is the requests themselves.
      expect(heard.filter((message) => message.includes('sealed'))).toEqual([]);
    },
  );

  it.each([
    ['nowhere', undefined],
    ['an inbox that is a pattern', '_INBOX.*'],
    ['every inbox', '_INBOX.>'],
    ['an inbox without a name', '_INBOX..x'],
    ['an inbox of 2,000 letters', `_INBOX.${'x'.repeat(2_000)}`],
  ])('survives a request whose answer goes to %s', async (_, reply) => {
    bus.publish(subjects.request, encodeRequest(subjects, 'x'), reply === undefined ? {} : { reply });
    await bus.flush();
    expect(await ask('afterwards')).toContain('"id":"afterwards"');
  });

  it('answers others while it is flooded with 5,000 requests a second, half of them none', async () => {
    const packets = [encodeRequest(subjects, 'flood'), 'not JSON'];
    const flood = Flood.start(bus, subjects.request, packets, 5_000, { reply: createInbox() });
    await until(() => flood.sent > 20_000, 30_000);
    const startMs = performance.now();
    expect(await ask('in between')).toContain('"id":"in between"');
    expect((await server.get('/health/live')).status).toBe(200);
    expect(performance.now() - startMs).toBeLessThan(5_000);
    await flood.stop();
  }, 60_000);

  it('has said no secret, and at most one line for each kind of nonsense', async () => {
    expectNothingSecret(server.output, deployment, jws);
    expect(server.output.split('\n').filter((line) => /WARN|ERROR|DEBUG/.test(line)).length).toBeLessThan(60);
    expect(await server.reasons()).toEqual([]);
    expect((await server.stop()).code).toBe(0);
  });
});
