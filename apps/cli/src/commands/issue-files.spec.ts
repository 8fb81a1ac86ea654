import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';

import { exportSigningKey } from '@latchkey/license/issuing';
import type { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../../test/support/workbench.js';

describe('the files of latchkey issue', () => {
  let issuer: TestIssuer;
  let bench: Workbench;
  beforeAll(async () => {
    issuer = await Workbench.issuer();
  });
  beforeEach(() => {
    bench = new Workbench(issuer);
  });
  afterEach(() => bench.remove());

  const ecPem = String(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  it.each([
    ['a public key', () => JSON.stringify(bench.issuer.trustedKeys), 'found something else'],
    ['an EC key', () => ecPem, 'expected an RSA key, found ec'],
    ['a key cut off', () => exportSigningKey(bench.issuer.key).slice(0, 200), 'cannot be read'],
  ])('is not %s', async (_what, content, message) => {
    const key = bench.file('bad.pem', content());
    expect(await bench.issue('--perpetual', '--key', key)).toBe(1);
    expect(bench.terminal.stderr).toContain(`KEY_REFUSED: ${key}: `);
    expect(bench.terminal.stderr).toContain(message);
  });

  it('that is not there is wrong use', async () => {
    expect(await bench.issue('--perpetual', '--key', bench.path('nothing'))).toBe(2);
    expect(bench.terminal.stderr).toContain('FILE_ABSENT: private key');
  });

  it('is not written over an older license unless forced, and leaves nothing beside it', async () => {
    await bench.issue('--perpetual', '--id', 'one');
    expect(await bench.issue('--perpetual', '--id', 'two')).toBe(1);
    expect(bench.terminal.stderr).toMatch(/FILE_NOT_WRITTEN: .*already there/);
    expect(bench.issuedClaims()).toMatchObject({ jti: 'one' });
    expect(await bench.issue('--perpetual', '--id', 'two', '--force')).toBe(0);
    expect(bench.issuedClaims()).toMatchObject({ jti: 'two' });
    expect(readdirSync(bench.path('.')).toSorted()).toEqual([
      'license.lic',
      'vendor.private.pem',
      'vendor.public.jwks.json',
    ]);
  });

  it('never takes the place of anything but a license', async () => {
    mkdirSync(bench.path('directory'));
    symlinkSync(bench.license(), bench.path('link.lic'));
    for (const name of ['vendor.private.pem', 'directory', 'link.lic']) {
      expect(await bench.issue('--perpetual', '--out', bench.path(name), '--force')).toBe(1);
      expect(bench.terminal.stderr).toContain('expected an older license, found something else');
    }
    expect(readFileSync(bench.path('vendor.private.pem'), 'utf8')).toContain('PRIVATE KEY');
  });

  it('needs its directory', async () => {
    expect(await bench.issue('--perpetual', '--out', bench.path('new/license.lic'))).toBe(1);
    expect(bench.terminal.stderr).toContain('cannot be written (no such directory)');
  });
});
