import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';

import { connect } from 'nats';

import { until } from '@latchkey/license/testing';
import type { LicenseStatus } from '@latchkey/license';

import { customerName, natsPassword, SecretDeployment, type RunningProgram } from './secret-deployment.js';
import { SecretWatch } from './secret-watch.js';

let deployment: SecretDeployment;
beforeAll(async () => {
  deployment = await SecretDeployment.create();
});
afterAll(() => deployment.remove());

const leaks = (): string[] => deployment.watch.leaks;

/** Asks and listens. @param mayShow secrets that this route may show, by name */
async function ask(
  program: RunningProgram,
  path: string,
  mayShow: readonly string[] = [],
  body?: string,
): Promise<string> {
  const init = body === undefined ? {} : { method: 'POST', body };
  const headers = { connection: 'close', 'content-type': 'application/json' };
  const response = await fetch(`${program.url}${path}`, { ...init, headers });
  const text = `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
  deployment.watch.heard(`the answer to ${path}`, text, mayShow);
  return text;
}

describe('the watch', () => {
  it('notices a secret in every spelling, whole or in part', () => {
    const key = Buffer.from([...Array(32).keys()].map((i) => (i * 37 + 11) % 256));
    const spellings = [
      ...(['hex', 'base64', 'base64url', 'latin1'] as const).map((encoding) => key.toString(encoding)),
      key.toString('hex').toUpperCase(),
      inspect(key),
      JSON.stringify(key),
      `kid:${key.toString('base64url').slice(0, 36)}…`,
    ];
    for (const spelling of spellings) {
      const watch = new SecretWatch().bytes('key', key);
      watch.heard('a log', `something ${spelling} something`);
      expect(watch.leaks).toEqual(['key in a log']);
    }
    const watch = new SecretWatch().text('password', natsPassword);
    watch.heard('a log', 'nothing');
    watch.heard('base64', Buffer.from(natsPassword).toString('base64'));
    expect(watch.leaks).toEqual(['password in base64']);
  });
});

describe('the command line', () => {
  it('says no secret, whatever it is asked to do with whatever file', async () => {
    const [privateKey, publicKeys, encryptionKeys, license, list] = [
      'keys/vendor.private.pem',
      'keys/vendor.public.jwks.json',
      'encryption.keys',
      'license.lic',
      'revocations.jwt',
    ].map((name) => deployment.path(name)) as [string, string, string, string, string];
    const made = ['--out', deployment.path('made'), '--force'];
    const terms = ['--customer', 'c', '--product', 'p', '--edition', 'e', '--expires', '2099-01-01'];
    await deployment.latchkey(['revoke', '--key', privateKey, '--license', 'x', '--out', list]);
    for (const file of [privateKey, publicKeys, encryptionKeys, license, list]) {
      for (const command of [
        ['inspect', file],
        ['verify', file, '--keys', publicKeys],
        ['verify', license, '--keys', file],
        ['open', file, '--encryption-keys', encryptionKeys],
        ['open', license, '--encryption-keys', file],
        ['keys', 'list', '--file', file],
        ['issue', '--key', file, ...terms, ...made],
        ['revoke', '--key', file, '--license', 'x', '--after', list, ...made],
        ['conformance', file],
      ]) {
        await deployment.latchkey(command);
        await deployment.latchkey(['-o', 'json', ...command]);
      }
    }
    expect(leaks()).toEqual([]);
  });
});

describe('license-server and service', () => {
  it('say no secret while they work, are misused, refuse and go wrong', async () => {
    const server = await deployment.startServer();
    const service = await deployment.startService();
    const status = async (one: RunningProgram): Promise<LicenseStatus> =>
      (await (await fetch(`${one.url}/license`)).json()) as LicenseStatus;
    await until(async () => (await status(service)).persisted);

    // what travels, and what lies on the disk, is secret as well
    const bus = await connect({ servers: deployment.broker.url, user: 'licensed', pass: natsPassword });
    const request = JSON.stringify({ pattern: 'license.key.request', data: { v: 1 }, id: 'r' });
    const reply = (await bus.request('license.key.request', request, { timeout: 5_000 })).string();
    const sealed = /"sealed":"([^"]+)"/.exec(reply)?.[1] ?? '';
    for (const document of [sealed, deployment.read('license.key')]) {
      deployment.watch.text('sealed document', document.split('.')[3] ?? '');
    }

    for (const path of [
      '/health',
      '/health/live',
      '/health/ready',
      '/nothing',
      '/health/%',
      '/?x=__proto__',
    ]) {
      await ask(server, path);
    }
    await ask(server, '/health', [], '{"broken');
    expect(await ask(service, '/license', ['customer'])).toContain(customerName); // shown to operators, on purpose
    for (const path of ['/', '/operate-logs', '/workflows', '/nothing']) await ask(service, path);
    await ask(service, '/apps', [], '{"name":5}');

    // on the bus: nonsense, other people's envelopes, and ours with one letter changed
    for (const packet of [
      '',
      'not JSON',
      reply,
      `{"pattern":"license.key","data":{"v":1,"sealed":"${sealed}A"}}`,
    ]) {
      bus.publish('license.key', packet);
      bus.publish('license.key.request', packet);
    }
    await bus.flush();
    await bus.close();

    // on the disk: a license that does not verify, a key file that is none
    writeFileSync(deployment.path('license.lic'), deployment.license.replace('.', '.A'));
    await until(async () => (await ask(server, '/health')).includes('degraded'));
    await until(() => service.output().includes('message dropped')); // else it had nothing to be silent about
    await service.stop();
    writeFileSync(deployment.path('license.key'), sealed);
    const restarted = await deployment.startService({ NATS_PASSWORD: 'wrong-password-0815' });
    expect(await ask(restarted, '/operate-logs')).toContain('LICENSE_EDITION_REQUIRED');
    await until(() => restarted.output().includes('no connection to NATS'));
    await restarted.stop();
    await server.stop();
    expect(leaks()).toEqual([]);
  }, 60_000);
});
