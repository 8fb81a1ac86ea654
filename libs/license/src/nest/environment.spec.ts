import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { keyLine, ring, WatchedStore } from '../../test/hand-made-instance.js';
import { OfflineApp } from '../../test/offline-app.js';
import { sealKeyFile } from '../protocol/sealed-license.js';
import type { Environment } from '../store/environment.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { until } from '../testing/until.js';
import type { LicenseModuleOptions } from './license.options.js';

describe('an instance in its environment', () => {
  let issuer: TestIssuer;
  let directory: string;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
    directory = mkdtempSync(join(tmpdir(), 'latchkey-environment-'));
  });
  afterEach(() => app.stop());
  afterAll(() => rmSync(directory, { recursive: true }));

  /** An app whose licensing is configured by these variables only, apart from the vendor's key. */
  const startIn = async (
    environment: Environment,
    options: LicenseModuleOptions = {},
  ): Promise<OfflineApp> => {
    app = new OfflineApp(issuer, { encryptionKeys: undefined, environment, ...options });
    return await app.start();
  };

  it('that says nothing about licensing is community, with one line that says so', async () => {
    await startIn({ NATS_URL: 'nats://somewhere', HOME: '/' });
    expect(app.license.status).toMatchObject({ state: 'absent', reason: 'not-configured' });
    expect((await app.app.get('enterprise')).body).toMatchObject({
      statusCode: 402,
      message: expect.stringContaining('(licensing is not configured)') as string,
    });
    expect(app.log.take()).toEqual([
      'log: community edition: this deployment runs community (licensing is not configured)',
    ]);
  });

  it('in which nothing can be used is community, with one error that names each, and no value', async () => {
    await startIn({
      LICENSE_ENCRYPTION_KEYS: 'correct horse battery staple 123',
      LICENSE_PATH: join(directory, 'none.lic'),
      LICENSE_SUBJECT_PREFIX: 'license.>',
      NATS_URL: 'nats://admin:hunter2@broker',
      NATS_TOKEN: 't0ken',
    });
    expect(app.license.status).toMatchObject({ state: 'invalid', reason: 'misconfigured', active: false });
    const lines = app.log.take();
    const errors = lines.filter((line) => line.startsWith('error: '));
    expect(errors).toHaveLength(1);
    for (const name of ['LICENSE_ENCRYPTION_KEYS', 'LICENSE_PATH', 'LICENSE_SUBJECT_PREFIX', 'NATS_URL']) {
      expect(errors[0]).toContain(name);
    }
    expect(lines.join()).not.toMatch(/hunter2|staple|t0ken/);
  });

  it.each<[string, Environment, string]>([
    ['a key that is none', { LICENSE_ENCRYPTION_KEYS: 'x' }, 'LICENSE_ENCRYPTION_KEYS: '],
    [
      'a key file that is not there',
      { LICENSE_ENCRYPTION_KEYS_FILE: '/none' },
      'LICENSE_ENCRYPTION_KEYS_FILE /none',
    ],
    [
      'a key both ways',
      { LICENSE_ENCRYPTION_KEYS: keyLine, LICENSE_ENCRYPTION_KEYS_FILE: '/none' },
      'found both',
    ],
    [
      'no key at all',
      { LICENSE_DEPLOYMENT_ID: 'eu-1' },
      'LICENSE_ENCRYPTION_KEYS: expected the keys of this',
    ],
    ['a license that is none', { LICENSE: 'nonsense' }, 'LICENSE: license file: expected'],
    [
      'a token file that is not there',
      { LICENSE_ENCRYPTION_KEYS: keyLine, NATS_TOKEN_FILE: '/none' },
      'NATS_TOKEN_FILE /none',
    ],
  ])('with %s says so in one error', async (_what, environment, expected) => {
    await startIn(environment);
    const errors = app.log.take().filter((line) => line.startsWith('error: '));
    expect(errors).toEqual([expect.stringContaining(expected)]);
    expect(errors[0]).toMatch(/^error: licensing cannot be used as configured: /);
  });

  it('without keys of its vendor says where they belong', async () => {
    await startIn({ LICENSE_ENCRYPTION_KEYS: keyLine }, { trustedKeys: undefined });
    expect(app.log.take()[0]).toContain('LICENSE_PUBLIC_KEYS: expected the vendor');
    expect(app.license.status.reason).toBe('misconfigured');
  });

  it('with a wrong NATS_URL still has its local key', async () => {
    const store = new WatchedStore(sealKeyFile({ license: issuer.issue(), timeFloorMs: 0 }, ring));
    const environment = { LICENSE_ENCRYPTION_KEYS: keyLine, NATS_URL: 'http://broker' };
    await startIn(environment, { adapters: { store, source: null } });
    expect((await app.app.get('enterprise')).status).toBe(200);
    expect(app.license.status).toMatchObject({ state: 'active', source: 'file', persisted: true });
    expect(app.log.take()).toEqual([
      expect.stringMatching(/^error: .*NATS_URL: the address cannot be used/),
      expect.stringMatching(
        /^log: enterprise edition: license license-\d+ \(serial \d+\) from file, until 20/,
      ),
    ]);
  });

  it('takes a license from LICENSE, with no key, no file and no NATS; nothing is saved', async () => {
    await startIn({ LICENSE: issuer.issue(), NATS_URL: 'off' });
    expect(app.license.status).toMatchObject({ state: 'active', source: 'environment', persisted: false });
    expect([app.store.writes, app.log.take().length]).toEqual([0, 1]);
  });

  it('takes the newer one of its key file and LICENSE_PATH, and saves it', async () => {
    const [older, newer] = [issuer.issue(), issuer.issue()];
    const path = join(directory, 'newer.lic');
    writeFileSync(path, newer);
    const behind = new WatchedStore(sealKeyFile({ license: older, timeFloorMs: 0 }, ring));
    await startIn({ LICENSE_ENCRYPTION_KEYS: keyLine, LICENSE_PATH: path }, { adapters: { store: behind } });
    expect(app.license.status.source).toBe('environment');
    await until(() => behind.content().license === newer);
    await app.stop();

    const ahead = new WatchedStore(sealKeyFile({ license: newer, timeFloorMs: 0 }, ring));
    await startIn({ LICENSE_ENCRYPTION_KEYS: keyLine, LICENSE: older }, { adapters: { store: ahead } });
    expect(app.license.status).toMatchObject({ source: 'file', lastRefusal: { code: 'ROLLBACK' } });
    expect(ahead.content().license).toBe(newer);
  });

  it.each([
    ['this one', 'eu-1', 'licensed'],
    ['another one', 'us-1', 'wrong-deployment'],
    ['none', undefined, 'wrong-deployment'],
  ])(
    'holding a license for deployment eu-1, in %s (LICENSE_DEPLOYMENT_ID=%s), is %s',
    async (_what, id, reason) => {
      await startIn({
        LICENSE: issuer.issue({ deployments: ['eu-1'] }),
        LICENSE_DEPLOYMENT_ID: id,
        NATS_URL: 'off',
      });
      expect(app.license.status.reason).toBe(reason);
    },
  );

  it.each([
    ['agent-os', 'licensed'],
    ['another', 'wrong-product'],
    ['', 'licensed'],
  ])('with LICENSE_PRODUCT=%s is %s', async (product, reason) => {
    const environment = { LICENSE: issuer.issue(), LICENSE_PRODUCT: product, NATS_URL: 'off' };
    await startIn(environment, { product: undefined });
    expect(app.license.status.reason).toBe(reason);
    const warned = app.log.take().some((line) => line.startsWith('warn: no product is set'));
    expect(warned).toBe(product === '');
  });
});
