import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { formatLicenseText } from '../protocol/license-text.js';
import { generateEncryptionKey, generateSigningKey, publicJwk } from '../issuing/keys.js';
import { TestIssuer } from '../testing/test-issuer.js';
import type { Environment } from '../store/environment.js';
import type { LicenseModuleOptions } from './license.options.js';
import { resolveSettings, type LicenseSettings } from './license.settings.js';

const keyLine = generateEncryptionKey('2026-11');
let directory: string;
let issuer: TestIssuer;
let pinned: LicenseModuleOptions;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-settings-'));
  issuer = await TestIssuer.create();
  pinned = { trustedKeys: { ...issuer.trustedKeys }, product: 'agent-os' };
});
afterAll(() => rmSync(directory, { recursive: true }));

const fileOf = (content: string): string => {
  const path = join(mkdtempSync(join(directory, 'x-')), 'file');
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};
/** Settings of a usable instance in this environment, with what is added to or taken from it. */
const settingsIn = (environment: Environment, options: LicenseModuleOptions = {}): LicenseSettings =>
  resolveSettings({
    ...pinned,
    ...options,
    environment: { LICENSE_ENCRYPTION_KEYS: keyLine, ...environment },
  });

describe('settings from the environment', () => {
  it('of a usable instance have nothing wrong with them', () => {
    const settings = settingsIn({});
    expect(settings).toMatchObject({
      configured: true,
      problems: [],
      warnings: [],
      product: 'agent-os',
      deploymentId: null,
      license: null,
      bootstrapTimeoutMs: 10_000,
      keyPaths: [join(homedir(), '.ai-agent-os', 'license.key'), resolve('license.key')],
      subjects: { key: 'license.key', request: 'license.key.request', queue: 'license-servers' },
      nats: { servers: ['nats://127.0.0.1:4222'], inboxPrefix: '_INBOX_instance', name: 'license' },
    });
    expect(settings.encryptionKeys?.kids).toEqual(['2026-11']);
    expect(settings.trustedKeys?.kids).toEqual([issuer.trustedKeys.keys[0]?.kid]);
  });

  it.each<[string, Environment, Partial<LicenseSettings>]>([
    ['LICENSE_KEY_PATH', { LICENSE_KEY_PATH: '/k/e.y' }, { keyPaths: ['/k/e.y'] }],
    ['LICENSE_DEPLOYMENT_ID', { LICENSE_DEPLOYMENT_ID: 'eu-1' }, { deploymentId: 'eu-1' }],
    ['NATS_URL=off', { NATS_URL: 'off' }, { nats: null }],
    [
      'LICENSE_SUBJECT_PREFIX',
      { LICENSE_SUBJECT_PREFIX: 'acme.license' },
      {
        subjects: expect.objectContaining({
          key: 'acme.license.key',
          queue: 'acme.license-servers',
        }) as never,
      },
    ],
    [
      'NATS_URL, NATS_USER and SERVICE_NAME',
      { NATS_URL: 'tls://a,b', NATS_USER: 'u', SERVICE_NAME: 'app-server' },
      {
        nats: expect.objectContaining({ servers: ['tls://a', 'b'], user: 'u', name: 'app-server' }) as never,
      },
    ],
  ])('take %s', (_name, environment, expected) => {
    expect(settingsIn(environment)).toMatchObject({ problems: [], ...expected });
  });

  it('take LICENSE_PRODUCT only where code names no product', () => {
    const environment = { LICENSE_PRODUCT: 'other' };
    expect(settingsIn(environment).product).toBe('agent-os');
    expect(settingsIn(environment, { product: undefined }).product).toBe('other');
  });

  it('give way to what is set in code', () => {
    const settings = settingsIn(
      {
        LICENSE_ENCRYPTION_KEYS: generateEncryptionKey('env'),
        LICENSE_KEY_PATH: '/env',
        LICENSE_DEPLOYMENT_ID: 'env',
        LICENSE_SUBJECT_PREFIX: 'env',
        NATS_URL: 'nats://env',
      },
      { encryptionKeys: keyLine, keyPath: '/code', deploymentId: 'code', subjectPrefix: 'code', nats: false },
    );
    expect(settings).toMatchObject({ keyPaths: ['/code'], deploymentId: 'code', nats: null });
    expect([settings.subjects.key, settings.encryptionKeys?.kids]).toEqual(['code.key', ['2026-11']]);
  });

  it('take the encryption keys from a file, which is watched then', () => {
    const path = fileOf(`${keyLine}\n`);
    const settings = settingsIn({ LICENSE_ENCRYPTION_KEYS: '', LICENSE_ENCRYPTION_KEYS_FILE: path });
    expect([settings.encryptionKeys?.kids, settings.encryptionKeysFile]).toEqual([['2026-11'], path]);
    expect(settings.problems).toEqual([]);
  });

  it.each([
    ['LICENSE', (text: string) => ({ LICENSE: text })],
    ['LICENSE_PATH', (text: string) => ({ LICENSE_PATH: fileOf(text) })],
  ])('take the signed license from %s; without a ring and without NATS it is enough', (_name, given) => {
    const license = issuer.issue();
    const environment = {
      ...given(formatLicenseText(license)),
      LICENSE_ENCRYPTION_KEYS: '',
      NATS_URL: 'off',
    };
    expect(settingsIn(environment)).toMatchObject({ license, encryptionKeys: null, problems: [] });
  });

  it('are not those of licensing when nothing of it is set, whatever else is', () => {
    for (const environment of [
      {},
      { NATS_URL: 'nats://a', SERVICE_NAME: 'x', LICENSE_PATH: '', LICENSE: undefined },
    ]) {
      expect(resolveSettings({ ...pinned, environment })).toMatchObject({
        configured: false,
        problems: [],
        warnings: [],
        nats: null,
      });
    }
  });
});

describe('vendor keys', () => {
  it('that are pinned in code are not extended by the environment', async () => {
    const other = { keys: [publicJwk(await generateSigningKey(2048))] };
    for (const options of [{}, { allowEnvTrust: false }]) {
      const settings = settingsIn({ LICENSE_PUBLIC_KEYS: JSON.stringify(other) }, options);
      expect(settings.trustedKeys?.kids).toEqual([issuer.trustedKeys.keys[0]?.kid]);
      expect(settings.warnings).toEqual([]);
    }
  });

  it('are extended when the app allows it, with a warning', async () => {
    const other = publicJwk(await generateSigningKey(2048));
    const environment = { LICENSE_PUBLIC_KEYS_FILE: fileOf(JSON.stringify({ keys: [other] })) };
    const settings = settingsIn(environment, { allowEnvTrust: true });
    expect(settings.trustedKeys?.kids).toEqual([issuer.trustedKeys.keys[0]?.kid, other.kid]);
    expect(settings.warnings).toEqual([
      expect.stringContaining('whoever sets this variable can issue licenses'),
    ]);
  });

  it('that are pinned survive bad ones in the environment', () => {
    const settings = settingsIn({ LICENSE_PUBLIC_KEYS: 'nonsense' }, { allowEnvTrust: true });
    expect(settings.trustedKeys?.kids).toEqual([issuer.trustedKeys.keys[0]?.kid]);
    expect(settings.problems).toEqual([expect.stringMatching(/^LICENSE_PUBLIC_KEYS: /)]);
  });

  it('work from the environment alone, with a warning', () => {
    const environment = {
      LICENSE_ENCRYPTION_KEYS: keyLine,
      LICENSE_PUBLIC_KEYS: JSON.stringify(issuer.trustedKeys),
    };
    const { trustedKeys, problems, warnings } = resolveSettings({ environment });
    expect([trustedKeys?.kids.length, problems]).toEqual([1, []]);
    expect(warnings).toEqual([
      expect.stringContaining('pin the vendor'),
      'no product is set: a license for any product of a trusted key is accepted',
    ]);
  });
});
