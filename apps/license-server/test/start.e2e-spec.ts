import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { exportSigningKey } from '@latchkey/license/issuing';
import { until } from '@latchkey/license/testing';

import { freePort } from '../../../scripts/free-port.mjs';
import { Broker } from '../../../test/support/broker.js';
import { Deployment } from './server-process.js';

let deployment: Deployment;

beforeEach(async () => {
  const nobody = await Broker.reserve();
  deployment = await Deployment.create(nobody.url);
});

afterEach(() => deployment.remove());

describe('starting', () => {
  it('introduces itself in one line, and keeps keys, license and customer to itself', async () => {
    const jws = deployment.put(deployment.issuer.issue({ exp: 1893456000 }));
    const server = await deployment.start({ LICENSE_SERVER_ID: 'server-1', LOG_LEVEL: 'debug' });
    await until(() => server.output.includes('listens on'));
    const line = server.output.split('\n').find((text) => text.includes('listens on'));
    expect(line).toContain(
      `server-1 listens on ${server.url}, serves license license-1 (serial 1, agent-os, enterprise, ends 2030-01-01T00:00:00.000Z, signed with key ${deployment.issuer.key.kid}), seals with key first, trusts ${deployment.issuer.key.kid}`,
    );
    await until(() => server.output.includes('not connected to NATS'));
    const told = server.output + (await (await server.get('/health')).text());
    const [, key = ''] = deployment.env['LICENSE_ENCRYPTION_KEYS']?.split(':') ?? [];
    for (const secret of [key, jws.slice(0, 60), 'Test Customer', 'customer-1'])
      expect(told).not.toContain(secret);
  });

  it('writes its log as JSON when asked to', async () => {
    const server = await deployment.start({ LOG_FORMAT: 'json' });
    await until(() => server.output.includes('not connected to NATS'));
    for (const line of server.output.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('message');
  });

  it('stops with one error that names every bad variable, and says no secret', async () => {
    const passPhrase = 'correct-horse-battery-staple-123';
    const privateKey = exportSigningKey(deployment.issuer.key);
    const server = deployment.spawn({
      LICENSE_ENCRYPTION_KEYS: passPhrase,
      LICENSE_PUBLIC_KEYS: privateKey,
      LICENSE_PUBLISH_INTERVAL: 'often',
      HTTP_PORT: '99999',
    });
    expect(await server.ended()).toBe(1);
    const lines = server.output.trim().split('\n');
    expect(lines[0]).toBe('license-server: the license-server cannot start with this configuration:');
    expect(lines.slice(1).map((line) => /^ {2}- ([A-Z_]+): ./.exec(line)?.[1])).toEqual([
      'LICENSE_ENCRYPTION_KEYS',
      'LICENSE_PUBLIC_KEYS',
      'LICENSE_PUBLISH_INTERVAL',
      'HTTP_PORT',
    ]);
    expect(server.output).not.toContain(passPhrase);
    expect(server.output).not.toContain(privateKey.split('\n')[1]);
  });

  it('stops with 1 and says so when its port is taken', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const server = deployment.spawn({ HTTP_PORT: String(port) });
    expect(await server.ended()).toBe(1);
    expect(server.output).toContain(
      `license-server: cannot listen on 127.0.0.1:${port} (the port is already taken): set HTTP_HOST and HTTP_PORT`,
    );
    expect(server.output).not.toContain('    at ');
    other.close();
  });

  it('starts with a FIFO where the license should be, and takes nothing that is not a license', async () => {
    const path = deployment.licensePath;
    execFileSync('mkfifo', [path]);
    const server = await deployment.start();
    expect(await server.reasons()).toContain('FILE_REFUSED');

    const expectProblem = async (text: string): Promise<void> => {
      await until(async () => (await server.health()).reasons.some(({ message }) => message.includes(text)));
    };
    rmSync(path);
    mkdirSync(path);
    await expectProblem('found a directory');
    rmdirSync(path);
    writeFileSync(path, '');
    truncateSync(path, 1024 ** 3);
    await expectProblem('found 1073741824');
    truncateSync(path, 5000);
    await expectProblem('use the file exactly as the vendor sent it');
    deployment.put(deployment.issuer.issue());
    await until(async () => (await server.health()).license?.serial === 1);
    expect(await server.reasons()).toEqual(['NATS_DISCONNECTED']);
    expect((await server.stop()).code).toBe(0);
  });
});
