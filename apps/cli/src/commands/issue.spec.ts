import { readdirSync } from 'node:fs';

import { TrustedKeyRing, verifySignedLicense } from '@latchkey/license/protocol';
import type { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../../test/support/workbench.js';

describe('latchkey issue', () => {
  let issuer: TestIssuer;
  let bench: Workbench;
  beforeAll(async () => {
    issuer = await Workbench.issuer();
  });
  beforeEach(() => {
    bench = new Workbench(issuer);
  });
  afterEach(() => bench.remove());

  it('signs what it was told, and fills in the rest', async () => {
    expect(await bench.issue('--expires', '2027-12-31')).toBe(0);
    verifySignedLicense(bench.issuedText(), TrustedKeyRing.from(bench.issuer.trustedKeys));
    expect(bench.issuedClaims()).toEqual({
      v: 1,
      iss: 'vendor',
      sub: 'acme',
      aud: 'agent-os',
      jti: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
      serial: bench.terminal.clock.wallMs(),
      iat: bench.terminal.clock.wallMs() / 1000,
      exp: Date.UTC(2027, 11, 31, 23, 59, 59) / 1000,
      edition: 'enterprise',
      features: {},
      limits: {},
    });
  });

  it('takes every option there is', async () => {
    const options =
      '--id lic-1 --issuer example --customer-name Acme --serial 7 --not-before 2027-02-01 --expires 2027-12-31 ' +
      '--grace 14d --feature workflow --feature sso=true --feature seats=5 --feature rate=0.5 --feature tier=gold ' +
      '--limit users=500 --limit apps=-1 --deployment eu --deployment us --trial --non-production';
    expect(await bench.issue(...options.split(' '))).toBe(0);
    expect(bench.issuedClaims()).toMatchObject({
      jti: 'lic-1',
      iss: 'example',
      customer: { name: 'Acme' },
      serial: 7,
      nbf: Date.UTC(2027, 1, 1) / 1000,
      license_expires: Date.UTC(2027, 11, 31, 23, 59, 59) / 1000,
      exp: Date.UTC(2028, 0, 14, 23, 59, 59) / 1000,
      features: { workflow: true, sso: true, seats: 5, rate: 0.5, tier: 'gold' },
      limits: { users: 500, apps: -1 },
      deployments: ['eu', 'us'],
      trial: true,
      non_production: true,
    });
  });

  it('shows what it issued as inspect does, its signature checked', async () => {
    await bench.issue('--expires', '2027-12-31');
    const shown = bench.terminal.stdout;
    await bench.terminal.run('inspect', bench.path('license.lic'));
    expect(shown).toBe(
      `Issued ${bench.path('license.lic')}\n${bench.terminal.stdout.replace('not checked', 'valid')}`,
    );
  });

  it('tells programs where it is and what is in it', async () => {
    await bench.issue('--expires', '2027-12-31', '-o', 'json');
    expect(bench.terminal.json()).toMatchObject({
      ok: true,
      file: bench.path('license.lic'),
      license: { customer: { id: 'acme' }, expiresAt: '2027-12-31T23:59:59Z', signature: 'valid' },
    });
  });

  describe('its end', () => {
    it('is taken as written when it has a time, in whatever zone', async () => {
      await bench.issue('--expires', '2027-12-31T18:00:00+02:00');
      expect(bench.issuedClaims()).toMatchObject({ exp: Date.UTC(2027, 11, 31, 16) / 1000 });
    });

    it('may be never', async () => {
      await bench.issue('--perpetual');
      expect(bench.issuedClaims()).toMatchObject({ perpetual: true });
      expect(bench.issuedClaims()).not.toHaveProperty('exp');
    });

    it('may have passed: how a test gets an expired license', async () => {
      expect(await bench.issue('--expires', '2026-12-31')).toBe(0);
      expect(bench.terminal.stdout).toMatch(/^by date +expired$/m);
    });

    it.each([
      ['no end', [], 'missing: --expires or --perpetual'],
      ['two ends', ['--expires', '2027-12-31', '--perpetual'], 'not both'],
      ['a grace period of nothing', ['--perpetual', '--grace', '14d'], '--grace needs --expires'],
      ['a time without a zone', ['--expires', '2027-12-31T18:00'], 'Expected a time zone at its end'],
      ['February 30th', ['--expires', '2027-02-30'], 'Expected a date such as 2027-12-31'],
      ['a 13th month', ['--expires', '2027-13-01'], 'Expected a date such as 2027-12-31'],
      ['half a second', ['--expires', '2027-12-31', '--grace', '500ms'], 'whole seconds'],
      ['two weeks', ['--expires', '2027-12-31', '--grace', '2w'], 'such as 14d'],
      [
        'an end before the start',
        ['--expires', '2027-12-31', '--not-before', '2028-01-01'],
        'before it starts',
      ],
    ])('is not %s', async (_what, options, message) => {
      expect(await bench.issue(...options)).toBe(2);
      expect(bench.terminal.stderr).toContain(message);
      expect(readdirSync(bench.path('.'))).not.toContain('license.lic');
    });
  });

  describe('features and limits', () => {
    it('may have any name, also one that JavaScript knows', async () => {
      await bench.issue(
        '--perpetual',
        '--feature',
        '__proto__=x',
        '--feature',
        'constructor',
        '--limit',
        '__proto__=1',
      );
      const payload = Buffer.from(bench.issuedText().split('.')[1] ?? '', 'base64url').toString();
      expect(payload).toContain('"features":{"__proto__":"x","constructor":true},"limits":{"__proto__":1}');
    });

    it.each([
      [['--feature', 'sso=false'], 'leave out a feature that is not licensed'],
      [['--feature', 'tier='], 'Expected true, a number or a text'],
      [['--feature', '=gold'], 'Expected a name in front of "="'],
      [['--feature', 'n=9007199254740993'], 'out of the range'],
      [['--feature', 'sso', '--feature', 'sso=2'], '"sso" is given twice'],
      [['--limit', 'users'], 'Expected a whole number from -1'],
      [['--limit', 'users=-2'], 'Expected a whole number from -1'],
      [['--limit', 'users=1.5'], 'Expected a whole number from -1'],
      [['--limit', 'users=1', '--limit', 'users=2'], '"users" is given twice'],
      [['--deployment', ''], 'Expected some text'],
      [['--customer', ''], 'Expected some text'],
    ])('are not %j', async (options, message) => {
      expect(await bench.issue('--perpetual', ...options)).toBe(2);
      expect(bench.terminal.stderr).toContain(message);
    });
  });
});
