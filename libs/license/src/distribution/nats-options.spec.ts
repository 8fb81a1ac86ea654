import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { natsOptionsFromEnvironment, natsVariables, parseNatsUrl } from './nats-options.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-nats-options-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const fileOf = (content: string): string => {
  const path = join(directory, `secret-${content.length}`);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};

describe('NATS options', () => {
  it('are those of a broker on this machine when nothing is set', () => {
    expect(natsOptionsFromEnvironment({})).toEqual({ servers: ['nats://127.0.0.1:4222'] });
  });

  it.each([
    ['NATS_URL', 'a:4222, b', { servers: ['a:4222', 'b'] }],
    ['NATS_URL', 'tls://a:4222', { servers: ['tls://a:4222'], tls: {} }],
    ['NATS_USER', 'instance', { user: 'instance' }],
    ['NATS_PASSWORD', ' p@ss,word/ ', { pass: ' p@ss,word/ ' }],
    ['NATS_TOKEN', 't0ken', { token: 't0ken' }],
    ['NATS_TLS_CA_FILE', '/ca.pem', { tls: { caFile: '/ca.pem' } }],
    ['NATS_TLS_CERT_FILE', '/cert.pem', { tls: { certFile: '/cert.pem' } }],
    ['NATS_TLS_KEY_FILE', '/key.pem', { tls: { keyFile: '/key.pem' } }],
  ])('take %s', (name, value, expected) => {
    expect(natsVariables).toContain(name);
    expect(natsOptionsFromEnvironment({ [name]: value })).toEqual({
      servers: ['nats://127.0.0.1:4222'],
      ...expected,
    });
    expect(natsOptionsFromEnvironment({ [name]: '' })).toEqual({ servers: ['nats://127.0.0.1:4222'] });
  });

  it('join the three TLS files', () => {
    const { tls } = natsOptionsFromEnvironment({
      NATS_TLS_CA_FILE: 'ca',
      NATS_TLS_CERT_FILE: 'cert',
      NATS_TLS_KEY_FILE: 'key',
    });
    expect(tls).toEqual({ caFile: 'ca', certFile: 'cert', keyFile: 'key' });
  });

  it.each([
    ['NATS_PASSWORD', 'pass'],
    ['NATS_TOKEN', 'token'],
  ])('take %s from a file, without its line end, and never from both', (name, option) => {
    const path = fileOf('from the file\n');
    expect(natsOptionsFromEnvironment({ [`${name}_FILE`]: path })).toMatchObject({
      [option]: 'from the file',
    });
    const both = refusalOf(() => natsOptionsFromEnvironment({ [name]: 'hunter2', [`${name}_FILE`]: path }));
    expect(both?.code).toBe('CONFIGURATION_INVALID');
    expect(both?.message).toContain(`${name} or ${name}_FILE`);
    expect(both?.message).not.toMatch(/hunter2|from the file/);
  });

  it('make an authenticator of an nkey seed or a credentials file', () => {
    // Any text will do: what it is worth is for the broker to say.
    for (const env of [
      { NATS_NKEY_SEED: 'SUA' },
      { NATS_NKEY_SEED_FILE: fileOf('SUA\n') },
      { NATS_CREDS_FILE: fileOf(credentials) },
    ]) {
      expect(typeof natsOptionsFromEnvironment(env).authenticator).toBe('function');
    }
  });

  it.each(['NATS_PASSWORD_FILE', 'NATS_TOKEN_FILE', 'NATS_NKEY_SEED_FILE', 'NATS_CREDS_FILE'])(
    'say so when %s names no file',
    (name) => {
      const refusal = refusalOf(() => natsOptionsFromEnvironment({ [name]: join(directory, 'none') }));
      expect(refusal).toMatchObject({
        code: 'FILE_ABSENT',
        message: expect.stringContaining(name) as string,
      });
    },
  );
});

const credentials = `-----BEGIN NATS USER JWT-----
x.y.z
------END NATS USER JWT------
-----BEGIN USER NKEY SEED-----
SUA
------END USER NKEY SEED------
`;

describe('an address of NATS', () => {
  it.each([
    ['nats://broker', ['nats://broker']],
    ['broker:4222', ['broker:4222']],
    ['10.0.0.1', ['10.0.0.1']],
    ['[::1]:4222', ['[::1]:4222']],
    [' nats://a:1 ,tls://b:2, c ', ['nats://a:1', 'tls://b:2', 'c']],
  ])('is read from %j', (text, expected) => {
    expect(parseNatsUrl(text)).toEqual(expected);
  });

  it.each(['', ' ', 'nats://', 'nats://a,', 'http://a', 'ws://a', 'nats://a:99999', 'nats://a b', 'a:port'])(
    'is refused as %j',
    (text) => {
      expect(codeOf(() => parseNatsUrl(text))).toBe('CONFIGURATION_INVALID');
    },
  );

  it('is named by its position, so that it need not be repeated', () => {
    expect(refusalOf(() => parseNatsUrl('a,http://b,c'))?.message).toBe(
      'NATS_URL: address 2 of 3 cannot be used: expected one such as nats://127.0.0.1:4222, or several joined by commas',
    );
    expect(refusalOf(() => parseNatsUrl('http://b'))?.message).toMatch(
      /^NATS_URL: the address cannot be used/,
    );
  });

  it.each([
    'nats://admin:hunter2@broker:4222',
    'admin:hunter2@broker',
    'http://admin:hunter2@broker',
    'nats://admin:hunter2/x@broker',
    'nats://admin:hunter2@x@broker:port',
    'nats://admin:hunter2,x@broker',
    'admin:hunter2/@bad broker',
  ])('with a password in it is refused, and the password not repeated: %s', (text) => {
    const refusal = refusalOf(() => parseNatsUrl(text));
    expect(refusal?.code).toBe('CONFIGURATION_INVALID');
    expect(refusal?.message).not.toMatch(/hunter2|admin|broker/);
  });

  it('with a password says which variables the driver does look at', () => {
    expect(refusalOf(() => parseNatsUrl('nats://admin:hunter2@broker'))?.message).toBe(
      'NATS_URL: the address has a user or password in it, which the driver would ignore: set NATS_USER and NATS_PASSWORD',
    );
  });
});
