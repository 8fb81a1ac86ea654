import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { openKeyFile, parseEncryptionKeys, sealKeyFile } from '@latchkey/license/protocol';
import type { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../../test/support/workbench.js';

const secretOf = (entry: string): string => entry.slice(entry.indexOf(':') + 1);

describe('latchkey keys, on encryption keys', () => {
  const first = generateEncryptionKey('first');
  const second = generateEncryptionKey('second');
  let bench: Workbench;
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await Workbench.issuer();
  });
  beforeEach(() => {
    bench = new Workbench(issuer);
  });
  afterEach(() => bench.remove());

  const keys = (command: string, ...options: string[]): Promise<number> =>
    bench.terminal.run('keys', command, '--file', bench.path('encryption.keys'), ...options);
  const file = (text = `${first}\n${second}\n`): string => bench.file('encryption.keys', text);
  const content = (): string => readFileSync(bench.path('encryption.keys'), 'utf8');
  const kids = (): readonly string[] => parseEncryptionKeys(content()).kids;

  it('lists ids, thumbprints and which one seals, and never a key', async () => {
    file();
    expect(await keys('list')).toBe(0);
    const print = parseEncryptionKeys(secretOf(second)).first.kid;
    expect(bench.terminal.stdout).toContain('\nkey id       first\n');
    expect(bench.terminal.stdout).toContain('use          seals, opens\n');
    expect(bench.terminal.stdout).toContain(
      `key id       second\nthumbprint   ${print}\nalgorithm    A256GCM, 256 bits\nuse          opens\n`,
    );
    await keys('list', '-o', 'json');
    expect(bench.terminal.json()).toMatchObject({
      ok: true,
      kind: 'encryption',
      keys: [
        { keyId: 'first', seals: true },
        { keyId: 'second', thumbprint: print, algorithm: 'A256GCM', bits: 256, seals: false },
      ],
    });
  });

  it('never shows a key, whatever is done', async () => {
    file();
    chmodSync(bench.path('encryption.keys'), 0o600);
    let printed = '';
    for (const [command = '', ...options] of [
      ['list'],
      ['list', '-o', 'json'],
      ['add', '--kid', 'third'],
      ['promote', 'third'],
      ['promote', secretOf(second)],
      ['retire', 'second'],
      ['retire', 'third'],
    ]) {
      await keys(command, ...options);
      printed += bench.terminal.stdout + bench.terminal.stderr.replace(/"[^"]*"/g, ''); // what was typed is repeated
    }
    for (const entry of [first, second, ...content().trim().split('\n')]) {
      expect(printed).not.toContain(secretOf(entry));
    }
  });

  it('adds a fresh key that opens, and does not seal before it is promoted', async () => {
    file(`${first}\n`);
    const sealedBefore = sealKeyFile({ license: null, timeFloorMs: 0 }, parseEncryptionKeys(content()));
    expect(await keys('add', '--kid', 'fresh')).toBe(0);
    expect(content()).toMatch(new RegExp(`^${first}\nfresh:[A-Za-z0-9_-]{43}\n$`));
    expect(parseEncryptionKeys(content()).first.kid).toBe('first');

    expect(await keys('promote', 'fresh')).toBe(0);
    expect(kids()).toEqual(['fresh', 'first']);
    expect(openKeyFile(sealedBefore, parseEncryptionKeys(content())).kid).toBe('first');

    expect(await keys('retire', 'first')).toBe(0);
    expect(kids()).toEqual(['fresh']);
  });

  it('does not retire the key that seals', async () => {
    file();
    expect(await keys('retire', 'first')).toBe(1);
    expect(bench.terminal.stderr).toContain('KEY_REFUSED: this is the key that seals');
    expect(kids()).toEqual(['first', 'second']);
  });

  it('names a fresh key after itself when given no name', async () => {
    file();
    await keys('add', '-o', 'json');
    const [added = ''] = (bench.terminal.json() as { added: string[] }).added;
    expect(parseEncryptionKeys(content()).kids).toEqual(['first', 'second', added]);
    expect(added).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await keys('promote', '--', added)).toBe(0);
  });

  it('finds a key under its thumbprint, too', async () => {
    file();
    expect(await keys('promote', '--', parseEncryptionKeys(secretOf(second)).first.kid)).toBe(0);
    expect(kids()).toEqual(['second', 'first']);
  });

  const hex = Buffer.from(secretOf(first), 'base64url').toString('hex');
  it.each([
    ['a comma list', `${first},${second}`, `second:${secretOf(second)}\nfirst:${secretOf(first)}\n`],
    ['hex', `first:${hex} ${second}`, `second:${secretOf(second)}\nfirst:${hex}\n`],
  ])('keeps the spelling of each key: %s', async (_what, before, after) => {
    file(before);
    expect(await keys('promote', 'second')).toBe(0);
    expect(content()).toBe(after);
  });

  it('gives a bare key its thumbprint as a name, which it was found under all along', async () => {
    file(secretOf(first));
    const print = parseEncryptionKeys(secretOf(first)).first.kid;
    expect(await keys('add', '--kid', 'fresh')).toBe(0);
    expect(kids()).toEqual([print, 'fresh']);
  });

  it('keeps a JWK Set one, and what else is in it', async () => {
    const jwk = { kty: 'oct', use: 'enc', alg: 'A256GCM', kid: 'first', k: secretOf(first) };
    file(JSON.stringify({ note: 'ours', keys: [jwk] }));
    expect(await keys('add', '--kid', 'fresh')).toBe(0);
    expect(await keys('promote', 'fresh')).toBe(0);
    const set = JSON.parse(content()) as { keys: Record<string, string>[] };
    expect(set).toMatchObject({ note: 'ours', keys: [{ kty: 'oct', kid: 'fresh' }, jwk] });
    expect(parseEncryptionKeys(content()).kids).toEqual(['fresh', 'first']);
  });

  it.each([
    ['the id of a key that is there', ['add', '--kid', 'first'], 1, 'the same key or id stands before it'],
    ['an id that is not there', ['promote', 'third'], 2, 'no key "third" here, only first, second'],
    ['no id', ['promote'], 2, "missing required argument 'kid'"],
    ['a public key', ['add', '--public', 'some.jwks'], 2, '--public and --not-before are for vendor keys'],
    ['an end', ['retire', 'second', '--at', '2027-01-01'], 2, '--at is for a vendor key'],
  ])(
    'refuses %s, and leaves the file alone',
    async (_what, [command = '', ...options], exitCode, message) => {
      file();
      expect(await keys(command, ...options)).toBe(exitCode);
      expect(bench.terminal.stderr).toContain(message);
      expect(content()).toBe(`${first}\n${second}\n`);
    },
  );

  it.each([
    ['empty', '', 'FILE_REFUSED'],
    ['a pass phrase', 'k1:correct-horse-battery-staple-32c!', 'KEY_REFUSED'],
    ['half a JWK Set', '{"keys":[{"kty":"oct","k":"secret', 'MALFORMED'],
    ['a private key', '-----BEGIN PRIVATE KEY-----', 'KEY_REFUSED'],
  ])('refuses a file that is %s, and repeats nothing of it', async (_what, text, code) => {
    file(text);
    expect(await keys('add')).toBe(1);
    expect(bench.terminal.stderr).toContain(`latchkey: ${code}: `);
    expect(bench.terminal.stderr).not.toMatch(/secret|horse/);
    expect(content()).toBe(text);
  });

  it('makes no file where none is', async () => {
    expect(await keys('add')).toBe(2);
    expect(bench.terminal.stderr).toContain('FILE_ABSENT');
  });

  describe('the file', () => {
    it('keeps its mode, its owner and the link that leads to it, and nothing is left beside it', async () => {
      const path = file();
      chmodSync(path, 0o640);
      const { uid, gid } = statSync(path);
      symlinkSync(path, bench.path('link'));
      expect(await bench.terminal.run('keys', 'add', '--file', bench.path('link'))).toBe(0);
      expect(lstatSync(bench.path('link')).isSymbolicLink()).toBe(true);
      expect(statSync(path)).toMatchObject({ uid, gid });
      expect(statSync(path).mode & 0o777).toBe(0o640);
      expect(kids()).toHaveLength(3);
      expect(readdirSync(dirname(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    });

    it('is closed when every user of the machine could read it, and that is said', async () => {
      chmodSync(file(), 0o644);
      expect(await keys('add')).toBe(0);
      expect(statSync(bench.path('encryption.keys')).mode & 0o777).toBe(0o600);
      expect(bench.terminal.stderr).toContain('was open to every user of this machine');
    });
  });
});
