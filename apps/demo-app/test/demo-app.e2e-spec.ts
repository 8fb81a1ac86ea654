import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { formatLicenseText } from '@latchkey/license/protocol';
import { TestIssuer, until } from '@latchkey/license/testing';

const programs = fileURLToPath(new URL('../../../dist/apps', import.meta.url));

describe('the demo app, as a process', () => {
  let issuer: TestIssuer;
  let build: string;
  let service: ChildProcess | undefined;
  let url = '';

  // A build of its own, with a vendor key of its own: as a product ships it.
  beforeAll(async () => {
    if (!existsSync(join(programs, 'demo-app', 'main.js'))) throw new Error('run "npm run build" first');
    issuer = await TestIssuer.create();
    build = mkdtempSync(join(programs, 'demo-app-e2e-'));
    cpSync(join(programs, 'demo-app'), build, { recursive: true });
  });

  beforeEach(() => {
    writeFileSync(join(build, 'vendor.public.jwks.json'), JSON.stringify(issuer.trustedKeys));
  });

  afterAll(() => rmSync(build, { recursive: true }));

  afterEach(async () => {
    if (service?.exitCode === null) {
      service.kill('SIGKILL');
      await once(service, 'exit');
    }
  });

  async function start(variables: Record<string, string> = {}): Promise<void> {
    const env = { PATH: process.env['PATH'], HTTP_PORT: '0', SERVICE_NAME: 'app-server', NATS_URL: 'off' };
    service = spawn(process.execPath, ['main.js'], {
      cwd: build,
      env: { ...env, HOME: build, ...variables },
    });
    let output = '';
    for (const stream of [service.stdout, service.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    await until(() => {
      url = /listens on (http:\/\/[^\s"]+)/.exec(output)?.[1] ?? '';
      return url !== '';
    });
  }

  async function ask(
    path: string,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const response = await fetch(`${url}${path}`, body === undefined ? {} : post);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  it('runs as community without a license, and says so', async () => {
    await start();
    expect(await ask('/')).toEqual({ status: 200, body: { service: 'app-server', edition: 'community' } });
    expect(await ask('/license')).toMatchObject({ status: 200, body: { active: false, state: 'absent' } });
  });

  it('refuses what the license does not cover, each with its own code', async () => {
    await start({ LICENSE: issuer.issue({ edition: 'professional' }) });
    expect(await ask('/operate-logs')).toMatchObject({
      status: 402,
      body: { code: 'LICENSE_EDITION_REQUIRED', requiredEdition: 'enterprise', edition: 'professional' },
    });
    expect(await ask('/workflows')).toMatchObject({
      status: 402,
      body: { code: 'LICENSE_FEATURE_REQUIRED', requiredFeature: 'workflow' },
    });
  });

  it('serves everything with an enterprise license from a file', async () => {
    const path = join(build, 'license.lic');
    writeFileSync(path, formatLicenseText(issuer.issue({ features: { workflow: true } })));
    await start({ LICENSE_PATH: path });
    expect(await ask('/operate-logs')).toMatchObject({ status: 200 });
    expect(await ask('/workflows')).toMatchObject({ status: 200 });
  });

  it('counts apps against the limit of the license', async () => {
    await start({ LICENSE: issuer.issue({ limits: { apps: 1 } }) });
    expect(await ask('/apps', { name: 'crm' })).toEqual({ status: 201, body: { name: 'crm', apps: 1 } });
    expect(await ask('/apps', { name: 'erp' })).toMatchObject({
      status: 402,
      body: { code: 'LICENSE_LIMIT_EXCEEDED', limit: 'apps', allowed: 1 },
    });
  });

  it('counts apps against the community limit without one', async () => {
    await start();
    for (let apps = 1; apps <= 10; apps += 1) {
      expect(await ask('/apps', { name: 'crm' })).toMatchObject({ status: 201, body: { apps } });
    }
    expect(await ask('/apps', { name: 'crm' })).toMatchObject({
      status: 402,
      body: { allowed: 10, edition: 'community' },
    });
  });

  it('refuses bodies that describe no app, and counts none of them', async () => {
    await start();
    for (const body of [{}, { name: '' }, { name: 7 }, { name: 'crm', owner: 'nobody' }]) {
      expect(await ask('/apps', body)).toMatchObject({ status: 400 });
    }
    expect(await ask('/apps', { name: 'crm' })).toMatchObject({ status: 201, body: { apps: 1 } });
  });

  it('believes nobody but the vendor whose key is in the build', async () => {
    const stranger = await TestIssuer.create();
    await start({
      LICENSE: stranger.issue(),
      LICENSE_PUBLIC_KEYS: JSON.stringify(stranger.trustedKeys),
    });
    expect(await ask('/operate-logs')).toMatchObject({ status: 402, body: { edition: 'community' } });
  });

  it('does not start without the key of its vendor, and names the command that makes it', async () => {
    rmSync(join(build, 'vendor.public.jwks.json'));
    service = spawn(process.execPath, ['main.js'], { cwd: build });
    let message = '';
    service.stderr?.on('data', (chunk: Buffer) => (message += chunk.toString()));
    const [exitCode] = (await once(service, 'exit')) as [number];
    expect(exitCode).toBe(1);
    expect(message).toContain('latchkey keygen');
  });
});
