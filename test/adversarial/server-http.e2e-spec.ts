import { gzipSync } from 'node:zlib';

import { until } from '@latchkey/license/testing';

import { Deployment, type ServerProcess } from '../../apps/license-server/test/server-process.js';
import { Broker } from '../support/broker.js';
import { openSocket, sendRaw } from './raw-http.js';
import { expectNothingSecret } from './server-secrets.js';

const get = (path: string, ...headers: string[]): string =>
  ['GET ' + path + ' HTTP/1.1', 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n');
const post = (path: string, type: string, body: string | Buffer, ...headers: string[]): Buffer =>
  Buffer.concat([
    Buffer.from(
      [
        `POST ${path} HTTP/1.1`,
        'Host: x',
        'Connection: close',
        `Content-Type: ${type}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        ...headers,
        '',
        '',
      ].join('\r\n'),
    ),
    Buffer.from(body),
  ]);
const json = 'application/json';

const attacks: readonly [string, string | Buffer][] = [
  // paths
  ...[
    '/health/../../../../etc/passwd',
    '/health/%2e%2e/%2e%2e/license.lic',
    '/..%5c..%5clicense.lic',
    '//health//live',
    '/health%00',
    '/health/%',
    '/%ff%fe',
    '/health;a=b',
    '/health/live/extra',
    '/__proto__',
    '/constructor/prototype',
    '/health?__proto__[status]=ok&constructor[prototype][x]=1',
    '/license.lic',
    '/.env',
    '/metrics/../license.lic',
    'http://elsewhere/health',
    '*',
    `/${'a'.repeat(15_000)}`,
    `/health?${'a=1&'.repeat(3_000)}`,
  ].map((path): [string, string] => [`path ${path.slice(0, 40)}`, get(path)]),
  // methods
  ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'FOO', 'get'].map(
    (method): [string, string] => [`method ${method}`, get('/health').replace('GET', method)],
  ),
  ['method CONNECT', 'CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n'],
  // sizes
  ['URL of 1 MB', get(`/${'a'.repeat(1_000_000)}`)],
  ['header of 1 MB', get('/health', `X: ${'a'.repeat(1_000_000)}`)],
  ['10,000 headers', get('/health', ...Array.from({ length: 10_000 }, (_, i) => `X-${i}: 1`))],
  ['body of 20 MB', post('/health', json, `"${'a'.repeat(20_000_000)}"`)],
  ['body shorter than told', `${get('/health', 'Content-Length: 1000').replace('GET', 'POST')}{}`],
  ['body of endless length', get('/health', 'Content-Length: 99999999999999999999').replace('GET', 'POST')],
  ['gzip bomb', post('/health', json, gzipSync(Buffer.alloc(50_000_000)), 'Content-Encoding: gzip')],
  ['1,000 requests in one write', get('/health/live').replace('Connection: close\r\n', '').repeat(1_000)],
  // bodies
  ['deep JSON', post('/health', json, '['.repeat(90_000))],
  ['broken JSON', post('/health', json, '{"license":')],
  [
    'JSON with __proto__',
    post('/health', json, '{"__proto__":{"status":"ok"},"constructor":{"prototype":{}}}'),
  ],
  [
    'form with __proto__',
    post('/health', 'application/x-www-form-urlencoded', '__proto__[x]=1&a[constructor]=2'),
  ],
  ['unknown charset', post('/health', 'application/json; charset=nonsense', '{}')],
  ['unknown encoding', post('/health', json, '{}', 'Content-Encoding: nonsense')],
  // requests that two readers could read as two
  [
    'length and chunks',
    post('/health', json, '0\r\n\r\nGET /x HTTP/1.1\r\n\r\n', 'Transfer-Encoding: chunked'),
  ],
  ['two lengths', get('/health', 'Content-Length: 0', 'Content-Length: 5').replace('GET', 'POST')],
  ['negative length', get('/health', 'Content-Length: -1').replace('GET', 'POST')],
  ['folded header', get('/health', 'X: a\r\n b')],
  ['bare line feeds', get('/health').replaceAll('\r\n', '\n')],
  ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
  ['HTTP 0.9', 'GET /health\r\n\r\n'],
  ['HTTP 9.9', get('/health').replace('1.1', '9.9')],
  ['upgrade', get('/health', 'Upgrade: websocket', 'Connection: Upgrade')],
  ['TLS', Buffer.from('16030100c8010000c40303', 'hex')],
  ['zero bytes', Buffer.alloc(10_000)],
];

describe('the HTTP side of the license-server', () => {
  let broker: Broker;
  let deployment: Deployment;
  let server: ServerProcess;
  let jws: string;

  beforeAll(async () => {
    broker = await Broker.start();
    deployment = await Deployment.create(broker.url);
    jws = deployment.put(deployment.issuer.issue());
    server = await deployment.start({ LOG_LEVEL: 'debug' });
  });
  afterAll(async () => {
    await deployment.remove();
    await broker.kill();
  });

  const url = (): string => server.url ?? '';
  it.each(attacks)('answers %s without a word too many, and goes on', async (_, bytes) => {
    const answer = await sendRaw(url(), bytes);
    expectNothingSecret(answer, deployment, jws);
    expect(answer).not.toContain('root:'); // of /etc/passwd
    expect(answer === '' || /^HTTP\/1\.1 [2-4]\d\d /.test(answer)).toBe(true);
    expect((await server.get('/health')).status).toBe(200);
  });

  it('answers everybody else while 500 clients never finish their headers', async () => {
    const slow = Array.from({ length: 500 }, () => openSocket(url()));
    for (const socket of slow) socket.write('GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    await until(() => slow.every((socket) => !socket.connecting));
    const startMs = performance.now();
    for (let i = 0; i < 20; i += 1) {
      for (const socket of slow) socket.write('a');
      expect((await server.get('/health/live')).status).toBe(200);
    }
    expect((performance.now() - startMs) / 20).toBeLessThan(500);
    for (const socket of slow) socket.destroy();
  });

  it('has said nothing of it in its log, and stops as if nothing had been', async () => {
    expectNothingSecret(server.output, deployment, jws);
    expect(server.output.split('\n').filter((line) => / (WARN|ERROR) /.test(line))).toEqual([]);
    expect((await server.stop()).code).toBe(0);
  });
});
