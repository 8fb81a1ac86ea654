import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';

import { readSigningKey } from '@latchkey/license/issuing';
import { TrustedKeyRing } from '@latchkey/license/protocol';

import { Workbench } from '../../test/support/workbench.js';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('latchkey keygen', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await Workbench.create();
  });
  afterEach(() => bench.remove());

  it('writes a private key for its owner alone, and a public one that belongs to it', async () => {
    const out = bench.path('new/keys');
    expect(await bench.terminal.run('keygen', '--out', out, '-o', 'json')).toBe(0);

    const { keyId } = bench.terminal.json() as { keyId: string };
    const pem = readFileSync(`${out}/vendor.private.pem`, 'utf8');
    const jwks = readFileSync(`${out}/vendor.public.jwks.json`, 'utf8');
    expect(modeOf(`${out}/vendor.private.pem`)).toBe(0o600);
    expect(modeOf(`${out}/vendor.public.jwks.json`)).toBe(0o644);
    expect(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(readSigningKey(pem).kid).toBe(keyId);
    expect(TrustedKeyRing.from(jwks).kids).toEqual([keyId]);
    expect(bench.terminal.stdout).not.toContain('PRIVATE');
  });

  it('makes keys of another size when told to', async () => {
    await bench.terminal.run('keygen', '--out', bench.path('keys'), '--bits', '2048');
    const pem = readFileSync(bench.path('keys/vendor.private.pem'), 'utf8');
    expect(createPrivateKey(pem).asymmetricKeyDetails?.modulusLength).toBe(2048);
  });

  it.each(['1024', '8193', '3072.5', '0x1000', 'many'])('refuses %s bits as wrong use', async (bits) => {
    expect(await bench.terminal.run('keygen', '--out', bench.path('keys'), '--bits', bits)).toBe(2);
    expect(bench.terminal.stderr).toContain('Expected a whole number from 2048 to 8192.');
    expect(existsSync(bench.path('keys'))).toBe(false);
  });

  it.each(['vendor.private.pem', 'vendor.public.jwks.json'])('writes nothing where %s is', async (name) => {
    mkdirSync(bench.path('keys'));
    bench.file(`keys/${name}`, 'precious');
    expect(await bench.terminal.run('keygen', '--out', bench.path('keys'))).toBe(1);
    expect(bench.terminal.stderr).toMatch(/FILE_NOT_WRITTEN: .*already there/);
    expect(readdirSync(bench.path('keys'))).toEqual([name]);
    expect(readFileSync(bench.path(`keys/${name}`), 'utf8')).toBe('precious');
  });

  it('names both files when both are there', async () => {
    await bench.terminal.run('keygen', '--out', bench.path('keys'), '--bits', '2048');
    const pem = readFileSync(bench.path('keys/vendor.private.pem'), 'utf8');
    expect(await bench.terminal.run('keygen', '--out', bench.path('keys'), '--bits', '2048')).toBe(1);
    expect(bench.terminal.stderr).toMatch(
      /vendor\.private\.pem and .*vendor\.public\.jwks\.json: already there/,
    );
    expect(readFileSync(bench.path('keys/vendor.private.pem'), 'utf8')).toBe(pem);
  });

  it('does not write through a link that leads nowhere', async () => {
    mkdirSync(bench.path('keys'));
    symlinkSync(bench.path('elsewhere'), bench.path('keys/vendor.private.pem'));
    expect(await bench.terminal.run('keygen', '--out', bench.path('keys'))).toBe(1);
    expect(existsSync(bench.path('elsewhere'))).toBe(false);
  });

  it('says so when the directory cannot be made', async () => {
    const out = bench.file('a-file', 'x');
    expect(await bench.terminal.run('keygen', '--out', out, '--bits', '2048')).toBe(1);
    expect(bench.terminal.stderr).toContain('FILE_NOT_WRITTEN');
  });
});
