import { existsSync, readFileSync, statSync } from 'node:fs';

import { exportSigningKey } from '@latchkey/license/issuing';
import { TrustedKeyRing, verifySignedRevocation, type SignedRevocation } from '@latchkey/license/protocol';
import type { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../../test/support/workbench.js';

describe('latchkey revoke', () => {
  let issuer: TestIssuer;
  let stranger: TestIssuer;
  let bench: Workbench;
  beforeAll(async () => {
    issuer = await Workbench.issuer();
    stranger = await Workbench.issuer();
  });
  beforeEach(() => {
    bench = new Workbench(issuer);
  });
  afterEach(() => bench.remove());

  const revokeBy = (who: TestIssuer, ...options: string[]): Promise<number> =>
    bench.terminal.run('revoke', '--key', bench.file('key.pem', exportSigningKey(who.key)), ...options);
  const list = (): string => bench.path('revocations.jwt');
  const revoke = (...options: string[]): Promise<number> => revokeBy(issuer, '--out', list(), ...options);
  const signed = (by = issuer): SignedRevocation =>
    verifySignedRevocation(readFileSync(list(), 'utf8').trim(), TrustedKeyRing.from(by.trustedKeys));

  it('signs a list of licenses that are taken back, readable by everybody', async () => {
    expect(await revoke('--license', 'lic-1', '--license', 'lic-2', 'lic-3', '--issuer', 'acme')).toBe(0);
    expect(signed()).toMatchObject({
      issuer: 'acme',
      serial: bench.terminal.clock.wallMs(),
      issuedAtMs: bench.terminal.clock.wallMs(),
      revoked: new Set(['lic-1', 'lic-2', 'lic-3']),
    });
    expect(bench.terminal.stdout).toContain('\nrevoked      lic-1\n             lic-2\n');
    expect(statSync(list()).mode & 0o444).toBe(0o444);
  });

  it('says the same to programs', async () => {
    expect(await revoke('--license', 'lic-1', '-o', 'json')).toBe(0);
    expect(bench.terminal.json()).toEqual({
      ok: true,
      file: list(),
      revocation: {
        issuer: 'vendor',
        serial: bench.terminal.clock.wallMs(),
        issuedAt: '2027-01-01T00:00:00Z',
        revoked: ['lic-1'],
        keyId: issuer.key.kid,
        algorithm: 'PS256',
        signature: 'valid',
      },
    });
  });

  it('carries over the list before it, under a higher serial also when the clock stands still', async () => {
    await revoke('--license', 'lic-1', '--issuer', 'acme');
    const before = signed().serial;
    expect(await revoke('--license', 'lic-2', 'lic-1', '--after', list())).toBe(0);
    expect(signed()).toMatchObject({
      issuer: 'acme',
      serial: before + 1,
      revoked: new Set(['lic-1', 'lic-2']),
    });
    bench.terminal.clock.advance(5000);
    expect(await revoke('--after', list())).toBe(0);
    expect(signed().serial).toBe(bench.terminal.clock.wallMs());
  });

  it('never replaces a list that it does not carry over, nor anything else', async () => {
    await revoke('--license', 'lic-1');
    const before = readFileSync(list(), 'utf8');
    expect(await revoke('--license', 'lic-2')).toBe(1);
    expect(bench.terminal.stderr).toContain('already there, and not overwritten');
    expect(readFileSync(list(), 'utf8')).toBe(before);
    expect(await revokeBy(issuer, '--after', list(), '--out', bench.keys)).toBe(1);
  });

  it('signs the list of another key again only when that key is known', async () => {
    await revokeBy(stranger, '--license', 'lic-1', '--out', list());
    expect(await revoke('--after', list())).toBe(1);
    expect(bench.terminal.stderr).toContain('KEY_UNKNOWN');
    expect(signed(stranger).revoked).toEqual(new Set(['lic-1']));
    const keys = bench.file('old.jwks.json', JSON.stringify(stranger.trustedKeys));
    expect(await revoke('--after', list(), '--keys', keys)).toBe(0);
    expect(signed().revoked).toEqual(new Set(['lic-1']));
  });

  it.each([
    ['nothing to revoke', [], 2, 'expected --license'],
    ['an empty id', ['--license', ''], 2, 'Expected some text'],
    ['another issuer than before', ['--after', 'OLD', '--issuer', 'other'], 2, 'expected "vendor"'],
    ['a list that is a license', ['--after', 'LICENSE'], 1, 'TYPE_REFUSED'],
    ['a list that is not there', ['--after', 'nothing'], 2, 'FILE_ABSENT'],
    ['more ids than a list has', many(513), 1, 'CLAIMS_INVALID'],
    ['ids that are too long', many(300), 1, 'TOO_LARGE'],
  ])('refuses %s, and writes nothing', async (_what, options, exitCode, message) => {
    await revokeBy(issuer, '--license', 'lic-1', '--out', bench.path('OLD'));
    bench.file('LICENSE', issuer.issue());
    const known = options.map((text) => (/^(OLD|LICENSE|nothing)$/.test(text) ? bench.path(text) : text));
    expect(await revoke(...known)).toBe(exitCode);
    expect(bench.terminal.stderr).toContain(message);
    expect(existsSync(list())).toBe(false);
  });

  describe('its list', () => {
    beforeEach(async () => {
      await revoke('--license', 'lic-1');
    });

    it('can be inspected', async () => {
      expect(await bench.terminal.run('inspect', list())).toBe(0);
      expect(bench.terminal.stdout).toMatch(/revoked +lic-1\n.*\n.*\nsignature +not checked\n$/);
    });

    it('can be verified, also after it went through mail', async () => {
      expect(await bench.terminal.run('verify', list(), '--keys', bench.keys)).toBe(0);
      expect(bench.terminal.stdout).toMatch(/^VALID: the vendor signed this revocation list\n/);
      const mailed = `\uFEFF${readFileSync(list(), 'utf8').replaceAll(/(.{70})/g, '$1\r\n')}`;
      bench.file('mailed.jwt', mailed);
      expect(await bench.terminal.run('verify', bench.path('mailed.jwt'), '--keys', bench.keys)).toBe(0);
      expect(await revoke('--after', bench.path('mailed.jwt'), '--out', bench.path('next.jwt'))).toBe(0);
    });

    it('is found out when the vendor did not sign it', async () => {
      const keys = bench.file('other.jwks.json', JSON.stringify(stranger.trustedKeys));
      expect(await bench.terminal.run('verify', list(), '--keys', keys, '-o', 'json')).toBe(1);
      expect(bench.terminal.json()).toMatchObject({ ok: false, code: 'KEY_UNKNOWN' });
    });
  });
});

/** So many ids, or fewer long ones. */
function many(count: number): string[] {
  return ['--license', ...Array.from({ length: count }, (_, i) => `${i}`.padEnd(count > 512 ? 9 : 99, 'x'))];
}
