import { chmodSync, mkdirSync, truncateSync } from 'node:fs';

import { formatLicenseText } from '@latchkey/license/protocol';

import { Workbench } from '../../test/support/workbench.js';

describe('latchkey inspect', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.create();
  });
  afterAll(() => bench.remove());

  it('shows what people need to read of a license', async () => {
    const file = bench.license({
      jti: 'lic-1',
      serial: 42,
      customer: { name: 'Beispiel & Söhne' },
      features: { workflow: true, tier: 'gold', seats: 5 },
      limits: { users: 500, apps: -1 },
      deployments: ['prod-eu', 'prod-us'],
      nbf: Date.UTC(2026, 11, 24) / 1000,
      license_expires: Date.UTC(2027, 5, 30) / 1000,
      exp: Date.UTC(2027, 6, 14) / 1000,
      trial: true,
    });
    expect(await bench.terminal.run('inspect', file)).toBe(0);
    expect(bench.terminal.stdout).toBe(
      [
        'license      lic-1',
        'serial       42',
        'issuer       test-vendor',
        'customer     customer-1 (Beispiel & Söhne)',
        'product      agent-os',
        'edition      enterprise, trial',
        'features     workflow',
        '             tier = gold',
        '             seats = 5',
        'limits       users = 500',
        '             apps = unlimited',
        'deployments  prod-eu',
        '             prod-us',
        'issued       2027-01-01T00:00:00Z',
        'valid from   2026-12-24T00:00:00Z',
        'expires      2027-06-30T00:00:00Z (180 days left)',
        'grace until  2027-07-14T00:00:00Z (194 days left)',
        'by date      active',
        `key id       ${bench.issuer.key.kid}`,
        'algorithm    PS256',
        'signature    not checked',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [{ exp: Date.UTC(2027, 0, 1, 5) / 1000 }, 'expires      2027-01-01T05:00:00Z (5 hours left)'],
    [{ exp: Date.UTC(2026, 11, 31) / 1000 }, 'expires      2026-12-31T00:00:00Z (1 day ago)'],
    [{ exp: undefined, perpetual: true as const }, 'expires      never (perpetual)'],
    [{ non_production: true }, 'edition      enterprise, not for production'],
    [{}, 'features     none'],
    [{}, 'limits       none: unlimited'],
    [{}, 'deployments  any'],
  ])('shows %j as "%s"', async (changes, line) => {
    await bench.terminal.run('inspect', bench.license(changes));
    expect(bench.terminal.stdout.split('\n')).toContain(line);
  });

  it('gives the same to programs', async () => {
    const file = bench.license({ jti: 'lic-1', serial: 42, limits: { users: 500 } });
    expect(await bench.terminal.run('inspect', file, '-o', 'json')).toBe(0);
    expect(bench.terminal.json()).toEqual({
      ok: true,
      license: {
        id: 'lic-1',
        serial: 42,
        issuer: 'test-vendor',
        customer: { id: 'customer-1', name: 'Test Customer' },
        product: 'agent-os',
        edition: 'enterprise',
        features: {},
        limits: { users: 500 },
        deployments: null,
        trial: false,
        nonProduction: false,
        issuedAt: '2027-01-01T00:00:00Z',
        notBefore: null,
        expiresAt: '2028-01-01T00:00:00Z',
        daysLeft: 365,
        graceEndsAt: null,
        standing: 'active',
        keyId: bench.issuer.key.kid,
        algorithm: 'PS256',
        signature: 'not checked',
      },
    });
  });

  it('lets no name in a file pretend to be another line, or steer the terminal', async () => {
    const name = 'Evil\nsignature    valid\u001b[2K\u009b1A\u202e';
    await bench.terminal.run('inspect', bench.license({ customer: { name } }));
    expect(bench.terminal.stdout).toContain(
      'customer     customer-1 (Evil\\u{a}signature    valid\\u{1b}[2K\\u{9b}1A\\u{202e})\n',
    );
    const claims = { ...bench.issuer.claims(), features: { 'a\nsignature    valid': false } };
    await bench.terminal.run('inspect', bench.file('bad.lic', bench.signed(JSON.stringify(claims))));
    expect(bench.terminal.stderr).toContain('features.a\\u{a}signature    valid: expected true');
  });

  it('takes a bare license, and one that went through mail', async () => {
    const jws = bench.issuer.issue();
    expect(await bench.terminal.run('inspect', bench.file('bare.lic', jws))).toBe(0);
    const mailed = `\uFEFF\r\n${formatLicenseText(jws).replaceAll('\n', ' \r\n')}\r\n`;
    expect(await bench.terminal.run('inspect', bench.file('mailed.lic', mailed))).toBe(0);
  });

  it('warns when everybody on the machine may change the file', async () => {
    const file = bench.license();
    chmodSync(file, 0o666);
    expect(await bench.terminal.run('inspect', file)).toBe(0);
    expect(bench.terminal.stderr).toMatch(/^latchkey: warning: license file .* is world-writable/);
    chmodSync(file, 0o600);
  });

  it.each([
    ['empty', () => bench.file('bad.lic', ''), 'FILE_REFUSED', 'empty'],
    ['blank', () => bench.file('bad.lic', '\n \n'), 'MALFORMED', 'empty'],
    ['cut off', () => bench.file('bad.lic', whole().slice(0, 400)), 'MALFORMED', 'cut off'],
    [
      'something else',
      () => bench.file('bad.lic', '%PDF-1.7 ...'),
      'MALFORMED',
      'expected "-----BEGIN LICENSE',
    ],
    ['a key', () => bench.keys, 'MALFORMED', 'expected "-----BEGIN LICENSE'],
    ['of a later version', () => bench.file('bad.lic', claims('"v":2')), 'VERSION_UNSUPPORTED', 'upgrade'],
    ['with a name twice', () => bench.file('bad.lic', claims('"v":1,"v":1')), 'MALFORMED', 'occurs twice'],
    ['without claims', () => bench.file('bad.lic', claims('"v":1')), 'CLAIMS_INVALID', 'sub: expected'],
    ['a gigabyte', gigabyte, 'FILE_REFUSED', 'expected at most 1048576 bytes, found 1073741824'],
    ['a directory', directory, 'FILE_REFUSED', 'found a directory'],
  ])('answers a file that is %s with 1 and the reason', async (_what, make, code, reason) => {
    const file = make();
    expect(await bench.terminal.run('inspect', file)).toBe(1);
    expect(bench.terminal.stdout).toBe('');
    expect(bench.terminal.stderr).toContain(`latchkey: ${code}: `);
    expect(bench.terminal.stderr).toContain(reason);
    expect(bench.terminal.stderr.trimEnd()).not.toContain('\n');

    expect(await bench.terminal.run('inspect', file, '-o', 'json')).toBe(1);
    expect(bench.terminal.json()).toMatchObject({
      ok: false,
      code,
      message: expect.stringContaining(reason),
    });
  });

  it('answers no such file with 2', async () => {
    expect(await bench.terminal.run('inspect', bench.path('nothing.lic'))).toBe(2);
    expect(bench.terminal.stderr).toMatch(/FILE_ABSENT: .*no such file/);
  });

  const whole = () => formatLicenseText(bench.issuer.issue());
  const claims = (members: string) => bench.signed(`{${members}}`);

  function gigabyte(): string {
    const file = bench.file('big.lic', 'x');
    truncateSync(file, 2 ** 30);
    return file;
  }

  function directory(): string {
    mkdirSync(bench.path('directory'), { recursive: true });
    return bench.path('directory');
  }
});
