import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportSigningKey, generateEncryptionKey } from '@latchkey/license/issuing';
import { LicenseError, type Environment } from '@latchkey/license/protocol';
import { TestIssuer } from '@latchkey/license/testing';

import { loadServerConfig } from './load-server-config.js';

let directory: string;
let issuer: TestIssuer;
let usable: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'license-server-config-'));
  issuer = await TestIssuer.create();
  usable = {
    LICENSE_ENCRYPTION_KEYS: generateEncryptionKey('first'),
    LICENSE_PUBLIC_KEYS: JSON.stringify(issuer.trustedKeys),
  };
});

afterAll(() => rmSync(directory, { recursive: true }));

function problemsOf(env: Environment): readonly string[] {
  try {
    loadServerConfig(env);
  } catch (error) {
    if (error instanceof LicenseError && error.code === 'CONFIGURATION_INVALID') return error.problems;
    throw error;
  }
  return [];
}

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

describe('the configuration of the license-server', () => {
  it('needs the two kinds of keys and has a default for everything else', () => {
    const config = loadServerConfig(usable);
    expect(config.encryptionKeys.kids).toEqual(['first']);
    expect(config.trustedKeys.kids).toEqual([issuer.key.kid]);
    expect(config.source).toEqual({ path: join(process.cwd(), 'license.lic') });
    expect(config).toMatchObject({
      product: undefined,
      publishIntervalMs: 300_000,
      subjects: { key: 'license.key', request: 'license.key.request', queue: 'license-servers' },
      nats: { servers: ['nats://127.0.0.1:4222'] },
      httpHost: '127.0.0.1',
      httpPort: 7420,
      logLevel: 'info',
      logFormat: 'pretty',
      warnings: [],
    });
    expect(config.serverId).not.toBe('');
  });

  it('takes keys from files', () => {
    const config = loadServerConfig({
      LICENSE_ENCRYPTION_KEYS_FILE: file('keys', `${usable['LICENSE_ENCRYPTION_KEYS']}\n`),
      LICENSE_PUBLIC_KEYS_FILE: file('vendor.jwks.json', `${usable['LICENSE_PUBLIC_KEYS']}\n`),
    });
    expect(config.encryptionKeys.kids).toEqual(['first']);
    expect(config.trustedKeys.kids).toEqual([issuer.key.kid]);
  });

  it('counts an empty variable as not set', () => {
    const config = loadServerConfig({ ...usable, HTTP_PORT: '', LICENSE_PATH: '', LICENSE_PRODUCT: '' });
    expect(config.httpPort).toBe(7420);
    expect(config.product).toBeUndefined();
  });

  it('takes the text of the license instead of a file', () => {
    expect(loadServerConfig({ ...usable, LICENSE: 'a.b.c' }).source).toEqual({ text: 'a.b.c' });
    expect(problemsOf({ ...usable, LICENSE: 'a.b.c', LICENSE_PATH: 'x.lic' })).toEqual([
      'expected LICENSE or LICENSE_PATH, found both: set one of them',
    ]);
  });

  it('names both kinds of keys when nothing is set', () => {
    expect(problemsOf({})).toEqual([
      'LICENSE_ENCRYPTION_KEYS: expected a value, found none: set it, or its _FILE variant',
      'LICENSE_PUBLIC_KEYS: expected a value, found none: set it, or its _FILE variant',
    ]);
  });

  it('names every bad variable in one error', () => {
    const problems = problemsOf({
      LICENSE_ENCRYPTION_KEYS: 'k1:short',
      LICENSE_PUBLIC_KEYS: exportSigningKey(issuer.key),
      LICENSE_PUBLISH_INTERVAL: '2h',
      LICENSE_SUBJECT_PREFIX: 'license.>',
      LICENSE_SERVER_ID: 's'.repeat(129),
      NATS_URL: 'http://broker',
      NATS_TLS_CA_FILE: join(directory, 'no-such-ca.pem'),
      NATS_PASSWORD: 'one',
      NATS_PASSWORD_FILE: 'two',
      HTTP_PORT: '65536',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
    });
    expect(new Set(problems.map((problem) => /[A-Z]+(_[A-Z]+)+/.exec(problem)?.[0]))).toEqual(
      new Set([
        'LICENSE_ENCRYPTION_KEYS',
        'LICENSE_PUBLIC_KEYS',
        'LICENSE_PUBLISH_INTERVAL',
        'LICENSE_SUBJECT_PREFIX',
        'LICENSE_SERVER_ID',
        'NATS_URL',
        'NATS_TLS_CA_FILE',
        'NATS_PASSWORD',
        'HTTP_PORT',
        'LOG_LEVEL',
        'LOG_FORMAT',
      ]),
    );
  });

  it('puts all of them into the message', () => {
    expect(() => loadServerConfig({ ...usable, HTTP_PORT: 'x', LOG_LEVEL: 'loud' })).toThrow(
      /^the license-server cannot start with this configuration:\n {2}- HTTP_PORT: .*found "x"\n {2}- LOG_LEVEL: expected one of error, warn, info, debug, found "loud"$/,
    );
  });

  const passPhrase = 'correct horse battery staple 123';
  it.each([
    ['a short key', 'k1:c2hvcnQ', 'found 5 bytes'],
    ['a pass phrase', passPhrase.replaceAll(' ', '_'), 'pass phrase'],
    ['a key of equal bytes', `k1:${'00'.repeat(32)}`, '32 equal bytes'],
    ['two keys of one name', `k1:${'01'.repeat(31)}02,k1:${'01'.repeat(31)}03`, 'each its own id'],
  ])('refuses %s as encryption key without repeating it', (_, value, reason) => {
    const [problem = '', ...more] = problemsOf({ ...usable, LICENSE_ENCRYPTION_KEYS: value });
    expect(more).toEqual([]);
    expect(problem).toMatch(/^LICENSE_ENCRYPTION_KEYS: /);
    expect(problem).toContain(reason);
    expect(problem).not.toContain(value.replace(/^k1:/, ''));
  });

  it.each([
    ['a private key', () => exportSigningKey(issuer.key), 'expected a public key, found a private one'],
    [
      'an EC key',
      () =>
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
      'expected an RSA key, found ec',
    ],
    [
      'a key that is too small',
      () =>
        generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }),
      'found 1024',
    ],
    ['something else', () => 'the vendor key', 'expected PEM or a JWK Set, found neither'],
  ])('refuses %s as public key', (_, value, reason) => {
    const problems = problemsOf({ ...usable, LICENSE_PUBLIC_KEYS: String(value()) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^LICENSE_PUBLIC_KEYS: /);
    expect(problems[0]).toContain(reason);
  });

  it('does not let a value into the message through the placeholders of the validator', () => {
    const [problem = ''] = problemsOf({ ...usable, LICENSE_PUBLIC_KEYS: '{"kty":"$value","n":"hunter2"}' });
    expect(problem).toMatch(/^LICENSE_PUBLIC_KEYS: expected an RSA key/);
    expect(problem).not.toContain('hunter2');
  });

  it('refuses a variable that is set twice, as value and as file', () => {
    expect(problemsOf({ ...usable, LICENSE_ENCRYPTION_KEYS_FILE: 'somewhere' })).toEqual([
      'expected LICENSE_ENCRYPTION_KEYS or LICENSE_ENCRYPTION_KEYS_FILE, found both: set one of them',
    ]);
  });

  it('says which file is missing', () => {
    const path = join(directory, 'missing');
    const env = { LICENSE_PUBLIC_KEYS: usable['LICENSE_PUBLIC_KEYS'], LICENSE_ENCRYPTION_KEYS_FILE: path };
    expect(problemsOf(env)).toEqual([`LICENSE_ENCRYPTION_KEYS_FILE ${path}: no such file`]);
  });

  it.each(['0s', '500ms', '61m', '5', 'five minutes'])('refuses the interval %s', (interval) => {
    expect(problemsOf({ ...usable, LICENSE_PUBLISH_INTERVAL: interval })).toEqual([
      expect.stringMatching(/^LICENSE_PUBLISH_INTERVAL: expected a duration/),
    ]);
  });

  it.each(['1s', '1h'])('takes the interval %s', (interval) => {
    expect(problemsOf({ ...usable, LICENSE_PUBLISH_INTERVAL: interval })).toEqual([]);
  });

  it('refuses NATS_URL=off, which is for instances', () => {
    expect(problemsOf({ ...usable, NATS_URL: 'off' })).toEqual([
      'NATS_URL: expected the address of a broker, found "off": a license-server needs one',
    ]);
  });

  it('does not repeat the password of a bad address', () => {
    const [problem = ''] = problemsOf({ ...usable, NATS_URL: 'http://user:hunter2@broker' });
    expect(problem).toContain('NATS_URL');
    expect(problem).not.toContain('hunter2');
  });
});
