import { ClientTCP } from '@nestjs/microservices';
import { formatLicenseText } from '@latchkey/license/protocol';
import { TestIssuer, until } from '@latchkey/license/testing';
import { firstValueFrom } from 'rxjs';
import { io } from 'socket.io-client';

import { freePort } from '../../scripts/free-port.mjs';
import { ExampleProcess } from './example-process.js';

type Environment = Readonly<Record<string, string>>;

let licensed: Environment;
const community: Environment = {};
let running: ExampleProcess[] = [];

beforeAll(async () => {
  const issuer = await TestIssuer.create();
  licensed = {
    LICENSE_PUBLIC_KEYS: JSON.stringify(issuer.trustedKeys),
    LICENSE: formatLicenseText(issuer.issue({ features: { workflow: true } })),
    NATS_URL: 'off',
  };
});
afterEach(async () => {
  await Promise.all(running.map((example) => example.stop()));
  running = [];
});

/** Starts it twice: without a license, and with one. */
async function start(name: string, env: Environment = {}): Promise<[ExampleProcess, ExampleProcess]> {
  const started = await Promise.all([
    ExampleProcess.start(name, { ...community, ...env }),
    ExampleProcess.start(name, { ...licensed, ...env }),
  ]);
  running.push(...started);
  return started;
}

const editionRequired = { code: 'LICENSE_EDITION_REQUIRED', requiredEdition: 'enterprise' };
const featureRequired = { code: 'LICENSE_FEATURE_REQUIRED', requiredFeature: 'workflow' };
const json = async (response: Response): Promise<unknown> => ({
  status: response.status,
  body: await response.json(),
});
const refused = (body: object): unknown => ({ status: 402, body: expect.objectContaining(body) as unknown });

describe('the example', () => {
  it('http-express', async () => {
    const [free, paid] = await start('http-express');
    expect(await json(await free.fetch(''))).toEqual({ status: 200, body: { edition: 'community' } });
    expect(await json(await paid.fetch(''))).toEqual({ status: 200, body: { edition: 'enterprise' } });
    expect(await json(await free.fetch('workflows'))).toEqual(refused(featureRequired));
    expect(await json(await paid.fetch('workflows'))).toEqual({ status: 200, body: ['nightly-report'] });
    expect(await json(await free.fetch('audit'))).toEqual(refused(editionRequired));
    expect((await paid.fetch('audit')).status).toBe(200);
    expect((await free.fetch('audit/retention')).status).toBe(200);
    const create = async (): Promise<number> => (await free.fetch('apps', { method: 'POST' })).status;
    expect([await create(), await create(), await create()]).toEqual([201, 201, 402]);
  });

  it('http-fastify', async () => {
    const [free, paid] = await start('http-fastify');
    const headers = { authorization: 'Bearer let-me-in' };
    expect((await free.fetch('audit')).status).toBe(401);
    expect(await json(await free.fetch('audit', { headers }))).toEqual(refused(editionRequired));
    expect((await paid.fetch('audit', { headers })).status).toBe(200);
  });

  it('graphql', async () => {
    const [free, paid] = await start('graphql');
    const ask = async (app: ExampleProcess, query: string): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' };
      const response = await app.fetch('graphql', {
        method: 'POST',
        headers,
        body: JSON.stringify({ query }),
      });
      return response.json();
    };
    expect(await ask(free, '{ report { title forecast } }')).toMatchObject({
      data: { report: { title: 'Costs', forecast: null } },
      errors: [{ path: ['report', 'forecast'], extensions: editionRequired }],
    });
    expect(await ask(free, '{ workflows }')).toMatchObject({ errors: [{ extensions: featureRequired }] });
    expect(await ask(paid, '{ workflows report { forecast } }')).toEqual({
      data: { workflows: ['nightly-report'], report: { forecast: 42 } },
    });
  });

  it('websocket', async () => {
    const [free, paid] = await start('websocket');
    const emit = async (app: ExampleProcess, event: string, data: unknown): Promise<unknown> => {
      const socket = io(app.url, { transports: ['websocket'] });
      const answer = new Promise((resolve) => socket.onAny((...received) => resolve(received)));
      socket.emit(event, data);
      return answer.finally(() => socket.disconnect());
    };
    expect(await emit(free, 'say', 'hello')).toEqual(['said', 'hello']);
    expect(await emit(free, 'translate', 'hello')).toMatchObject(['exception', editionRequired]);
    expect(await emit(free, 'invite', ['Ann', 'Bob'])).toMatchObject(['exception', { limit: 'guests' }]);
    expect(await emit(paid, 'translate', 'hello')).toEqual(['said', 'HELLO']);
    expect(await emit(paid, 'invite', ['Ann', 'Bob'])).toEqual(['said', 'welcome, Ann and Bob']);
  });

  it('microservice', async () => {
    const check = async (env: Environment): Promise<[unknown, unknown, ExampleProcess]> => {
      const port = await freePort();
      const app = await ExampleProcess.start('microservice', { ...env, MESSAGES_PORT: String(port) });
      running.push(app);
      const client = new ClientTCP({ host: '127.0.0.1', port });
      try {
        await firstValueFrom(client.emit('order.created', '4711'), { defaultValue: null });
        const answer = firstValueFrom(client.send('report', {}));
        return [
          await json(await app.fetch('report')),
          await answer.catch((error: unknown) => ({ error })),
          app,
        ];
      } finally {
        client.close();
      }
    };
    const [http, message, free] = await check(community);
    expect([http, message]).toEqual([
      refused(editionRequired),
      { error: expect.objectContaining(editionRequired) },
    ]);
    expect(free.output).not.toContain('order 4711');
    const [licensedHttp, licensedMessage, paid] = await check(licensed);
    expect([licensedHttp, licensedMessage]).toEqual([
      { status: 200, body: { title: 'Costs' } },
      { title: 'Costs' },
    ]);
    await until(() => paid.output.includes('workflow started for order 4711'));
  });

  it('sse-and-files', async () => {
    const [free, paid] = await start('sse-and-files');
    expect(await json(await free.fetch('progress'))).toEqual(refused(featureRequired));
    const reader = (await paid.fetch('progress')).body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    await until(async () => {
      text += (await reader?.read())?.value ?? '';
      return text.includes('data: {"seconds":0}');
    });
    await reader?.cancel();
    expect(await json(await free.fetch('audit.csv'))).toEqual(refused(editionRequired));
    const file = await paid.fetch('audit.csv');
    expect(file.headers.get('content-disposition')).toContain('audit.csv');
    expect(await file.text()).toContain('09:00,7,sign-in');
  });
});
