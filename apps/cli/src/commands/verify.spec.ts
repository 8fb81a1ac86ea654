import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { truncateSync } from 'node:fs';

import { exportSigningKey } from '@latchkey/license/issuing';
import { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../../test/support/workbench.js';

const seconds = (...date: [number, number, number]): number => Date.UTC(...date) / 1000;

const pem = ({ publicKey }: { publicKey: KeyObject }) =>
  String(publicKey.export({ type: 'spki', format: 'pem' }));

const ecPem = () => pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));

const smallPem = () => pem(generateKeyPairSync('rsa', { modulusLength: 1024 }));

describe('latchkey verify', () => {
  let bench: Workbench;
  let stranger: TestIssuer;
  beforeAll(async () => {
    bench = await Workbench.create();
    stranger = await TestIssuer.create();
  });
  afterAll(() => bench.remove());

  async function verdict(file: string, ...options: string[]): Promise<{ exitCode: number; code: string }> {
    const exitCode = await bench.terminal.run('verify', file, '--keys', bench.keys, '-o', 'json', ...options);
    const { ok, code } = bench.terminal.json() as { ok: boolean; code: string };
    expect(ok).toBe(exitCode === 0);
    return { exitCode, code };
  }

  it('says VALID first, then what the license says', async () => {
    const file = bench.license();
    expect(await bench.terminal.run('verify', file, '--keys', bench.keys, '--product', 'agent-os')).toBe(0);
    expect(bench.terminal.stdout).toMatch(/^VALID: the license is valid until 2028-01-01T00:00:00Z\n/);
    expect(bench.terminal.stdout).toContain('\njudged at    2027-01-01T00:00:00Z\n');
    expect(bench.terminal.stdout).toMatch(/\nsignature    valid\n$/);
  });

  it('takes public keys as PEM, too', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const out = bench.path('pem.lic');
    const key = bench.file('own.pem', privateKey);
    const who = ['--customer', 'acme', '--product', 'agent-os', '--edition', 'enterprise', '--perpetual'];
    expect(await bench.terminal.run('issue', '--key', key, ...who, '--out', out)).toBe(0);
    expect(await bench.terminal.run('verify', out, '--keys', bench.file('own.pub', publicKey))).toBe(0);
    expect(bench.terminal.stdout).toMatch(/^VALID: the license is valid for good\n/);
  });

  const ended = { license_expires: seconds(2027, 1, 1), exp: seconds(2027, 1, 15) };
  it.each([
    ['2027-01-31T23:59:59Z', 0, 'VALID'],
    ['2027-02-01', 0, 'GRACE'],
    ['2027-02-14T23:59:59Z', 0, 'GRACE'],
    ['2027-02-15', 1, 'EXPIRED'],
    ['2027-02-15T01:00:00+02:00', 0, 'GRACE'],
  ])('judges by the dates at %s: %i %s', async (at, exitCode, code) => {
    expect(await verdict(bench.license(ended), '--at', at)).toEqual({ exitCode, code });
  });

  it('judges by the clock when no time is given', async () => {
    expect(await verdict(bench.license({ exp: seconds(2026, 11, 31) }))).toEqual({
      exitCode: 1,
      code: 'EXPIRED',
    });
  });

  it.each([
    ['for a later time', { nbf: seconds(2027, 2, 1) }, [], 1, 'NOT_YET_VALID'],
    ['issued more than a day ahead', { iat: seconds(2027, 0, 3) }, [], 1, 'ISSUED_IN_FUTURE'],
    ['for another product', { aud: 'other' }, ['--product', 'agent-os'], 1, 'PRODUCT_MISMATCH'],
    ['bound to deployments, and none is named', { deployments: ['eu'] }, [], 1, 'DEPLOYMENT_MISMATCH'],
    ['bound to others', { deployments: ['eu'] }, ['--deployment', 'us'], 1, 'DEPLOYMENT_MISMATCH'],
    ['bound to this one', { deployments: ['us', 'eu'] }, ['--deployment', 'eu'], 0, 'VALID'],
    ['bound to none', {}, ['--deployment', 'eu'], 0, 'VALID'],
  ])('judges a license %s', async (_what, changes, options, exitCode, code) => {
    expect(await verdict(bench.license(changes), ...options)).toEqual({ exitCode, code });
  });

  it('takes the product from LICENSE_PRODUCT unless told another', async () => {
    const file = bench.license();
    bench.terminal.env['LICENSE_PRODUCT'] = 'other';
    expect(await verdict(file)).toEqual({ exitCode: 1, code: 'PRODUCT_MISMATCH' });
    expect(await verdict(file, '--product', 'agent-os')).toEqual({ exitCode: 0, code: 'VALID' });
    bench.terminal.env['LICENSE_PRODUCT'] = '';
    expect(await verdict(file)).toEqual({ exitCode: 0, code: 'VALID' });
  });

  it.each([
    ['signed with a key that is not trusted', () => bench.file('bad.lic', stranger.issue()), 'KEY_UNKNOWN'],
    ['signed by another under a trusted key id', () => bench.file('bad.lic', forged()), 'SIGNATURE_INVALID'],
    ['changed after signing', () => bench.file('bad.lic', changed()), 'SIGNATURE_INVALID'],
    ['signed, with a name twice', () => bench.file('bad.lic', bench.signed('{"v":1,"v":1}')), 'MALFORMED'],
    [
      'signed, of a later version',
      () => bench.file('bad.lic', bench.signed('{"v":2}')),
      'VERSION_UNSUPPORTED',
    ],
    ['cut off', () => bench.file('bad.lic', bench.issuer.issue().slice(0, 300)), 'MALFORMED'],
  ])('shows nothing of a license that is %s', async (_what, make, code) => {
    const file = make();
    expect(await bench.terminal.run('verify', file, '--keys', bench.keys)).toBe(1);
    expect(bench.terminal.stdout).toMatch(new RegExp(`^${code}: .*\n$`));
    expect(await verdict(file)).toEqual({ exitCode: 1, code });
  });

  it.each([
    ['empty', () => bench.file('bad.lic', ''), 1, 'FILE_REFUSED'],
    ['a gigabyte', gigabyte, 1, 'FILE_REFUSED'],
    ['not there', () => bench.path('nothing'), 2, 'FILE_ABSENT'],
  ])('answers a license file that is %s', async (_what, make, exitCode, code) => {
    expect(await verdict(make())).toEqual({ exitCode, code });
  });

  it.each([
    ['a private key in PEM', () => exportSigningKey(bench.issuer.key), 1, 'found a private one'],
    ['a private key in a JWK', () => privateJwk(), 1, 'found a private one'],
    ['an EC key in PEM', () => ecPem(), 1, 'expected an RSA key, found ec'],
    ['an EC key in a JWK', () => '{"kty":"EC","crv":"P-256"}', 1, 'expected an RSA key, found "kty": "EC"'],
    ['an RSA key of 1024 bits', () => smallPem(), 1, 'expected an RSA key of 2048 to 8192 bits, found 1024'],
    ['a name twice', () => '{"keys":[],"keys":[]}', 1, 'occurs twice'],
    ['no key', () => '{"keys":[]}', 1, 'expected at least one public key'],
    ['something else', () => 'hello', 1, 'expected PEM or a JWK Set'],
    ['nothing', () => '', 1, 'found an empty file'],
  ])('answers a key file with %s', async (_what, content, exitCode, message) => {
    const keys = bench.file('bad.keys', content());
    expect(await bench.terminal.run('verify', bench.license(), '--keys', keys)).toBe(exitCode);
    expect(bench.terminal.stderr).toContain(message);
    expect(bench.terminal.stderr).toContain(keys);
    expect(bench.terminal.stdout).toBe('');
  });

  it('answers a key file that is not there with 2', async () => {
    expect(await bench.terminal.run('verify', bench.license(), '--keys', bench.path('nothing'))).toBe(2);
    expect(bench.terminal.stderr).toContain('public keys');
  });

  it.each([
    ['2027-06-01T12:00', 'Expected a time zone at its end'],
    ['2027-02-29', 'Expected a date such as'],
    ['tomorrow', 'Expected a date such as'],
    ['1830297599', 'Expected a date such as'],
  ])('refuses %s as a time', async (at, message) => {
    expect(await bench.terminal.run('verify', bench.license(), '--keys', bench.keys, '--at', at)).toBe(2);
    expect(bench.terminal.stderr).toContain(message);
  });

  function forged(): string {
    const [, payload, signature] = stranger.issue().split('.');
    const [header] = bench.issuer.issue().split('.');
    return [header, payload, signature].join('.');
  }

  function changed(): string {
    const [header, , signature] = bench.issuer.issue({ edition: 'community' }).split('.');
    const [, payload] = bench.issuer.issue({ edition: 'enterprise' }).split('.');
    return [header, payload, signature].join('.');
  }

  function gigabyte(): string {
    const file = bench.file('big.lic', 'x');
    truncateSync(file, 2 ** 30);
    return file;
  }

  const privateJwk = () => JSON.stringify(bench.issuer.key.privateKey.export({ format: 'jwk' }));
});
