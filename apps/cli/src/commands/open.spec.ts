import { generateEncryptionKey, signRevocation } from '@latchkey/license/issuing';
import {
  encodeRequest,
  parseEncryptionKeys,
  sealedMessage,
  sealKeyFile,
  sealLicense,
  subjectsFor,
} from '@latchkey/license/protocol';
import { TestIssuer } from '@latchkey/license/testing';

import { Workbench } from '../../test/support/workbench.js';

const nowMs = Date.UTC(2027, 0, 1);

const revocationBy = (issuer: TestIssuer): string =>
  signRevocation(
    { v: 1, iss: 'test-vendor', iat: 1_800_000_000, serial: 3, revoked: ['lic-9', 'lic-8'] },
    issuer.key,
  );

function broadcast(pattern: string, jwe: string): string {
  return JSON.stringify({ pattern, data: sealedMessage(jwe) });
}

function sealedBy(key: string): string {
  return sealLicense({ sealedAtMs: nowMs, server: 's', license: null }, parseEncryptionKeys(key));
}

describe('latchkey open', () => {
  let bench: Workbench;
  let stranger: TestIssuer;
  let encryptionKeys: string;
  const entry = generateEncryptionKey('2026-11');
  const ring = parseEncryptionKeys(entry);
  beforeAll(async () => {
    bench = await Workbench.create();
    stranger = await TestIssuer.create();
    encryptionKeys = bench.file('encryption.keys', `${entry}\n`);
  });
  afterAll(() => bench.remove());

  const open = (content: string, ...options: string[]): Promise<number> =>
    bench.terminal.run(
      'open',
      bench.file('sealed', content),
      '--encryption-keys',
      encryptionKeys,
      ...options,
    );
  const sealed = (license: string | null, revocation?: string): string =>
    sealLicense(
      {
        sealedAtMs: nowMs - 240_000,
        server: 'server-1',
        license,
        ...(revocation === undefined ? {} : { revocation }),
      },
      ring,
    );

  it.each([
    ['bare', (jwe: string) => jwe],
    ['bare, with an end of line', (jwe: string) => `${jwe}\r\n`],
    ['as a broadcast', (jwe: string) => broadcast('license.key', jwe)],
    ['as a broadcast under another prefix', (jwe: string) => broadcast('acme.prod.key', jwe)],
    [
      'as a reply',
      (jwe: string) => JSON.stringify({ response: sealedMessage(jwe), isDisposed: true, id: 'x1' }),
    ],
  ])('shows what a sealed message holds, given %s', async (_how, wrap) => {
    expect(await open(wrap(sealed(bench.issuer.issue({ jti: 'lic-1' }))))).toBe(0);
    expect(bench.terminal.stdout).toMatch(
      /^holds        sealed message\nserver       server-1\nsealed at    2026-12-31T23:56:00Z \(4 minutes ago\)\nrevocations  none\n\nlicense      lic-1\n/,
    );
    expect(bench.terminal.stdout).toMatch(/\nsignature    not checked\n$/);
  });

  it('checks the signatures when it is given the public keys', async () => {
    const content = sealed(bench.issuer.issue({ jti: 'lic-1' }), revocationBy(bench.issuer));
    expect(await open(content, '--keys', bench.keys, '-o', 'json')).toBe(0);
    expect(bench.terminal.json()).toMatchObject({
      ok: true,
      kind: 'sealed message',
      server: 'server-1',
      sealedAt: '2026-12-31T23:56:00Z',
      license: { id: 'lic-1', signature: 'valid' },
      revocation: { signature: 'valid', serial: 3, revoked: ['lic-9', 'lic-8'] },
    });
  });

  it('says that a server has no license', async () => {
    expect(await open(sealed(null))).toBe(0);
    expect(bench.terminal.stdout).toMatch(/\n\nlicense      none\n$/);
  });

  it('shows a license that the vendor did not sign, says so, and answers 1', async () => {
    expect(await open(sealed(stranger.issue({ jti: 'forged' })), '--keys', bench.keys)).toBe(1);
    expect(bench.terminal.stdout).toContain('license      forged\n');
    expect(bench.terminal.stdout).toContain('signature    KEY_UNKNOWN\n');
    expect(bench.terminal.stdout).toMatch(
      /\n\nKEY_UNKNOWN: license: signed with the key .* not trusted here/,
    );
  });

  it('answers 1 for a revocation list that the vendor did not sign', async () => {
    const content = sealed(bench.issuer.issue(), revocationBy(stranger));
    expect(await open(content)).toBe(0);
    expect(bench.terminal.stdout).toContain('revocations  present, signature not checked\n');
    expect(await open(content, '--keys', bench.keys, '-o', 'json')).toBe(1);
    expect(bench.terminal.json()).toMatchObject({
      ok: false,
      code: 'KEY_UNKNOWN',
      license: { signature: 'valid' },
      revocation: { signature: 'KEY_UNKNOWN' },
    });
  });

  it('answers 1 when what was sealed is no license at all', async () => {
    expect(await open(sealed('hello'))).toBe(1);
    expect(bench.terminal.stdout).toContain('license      not readable: MALFORMED: ');
  });

  it('shows what a key file holds', async () => {
    const content = sealKeyFile(
      {
        license: bench.issuer.issue({ jti: 'lic-1' }),
        next: bench.issuer.issue({ jti: 'lic-2', nbf: nowMs / 1000 + 86_400 }),
        revocation: revocationBy(bench.issuer),
        timeFloorMs: Date.UTC(2026, 11, 1),
      },
      ring,
    );
    expect(await open(content, '--keys', bench.keys)).toBe(0);
    expect(bench.terminal.stdout).toMatch(
      /^holds        key file\nsealed with  2026-11\ntime floor   2026-12-01T00:00:00Z\nrevocations  serial 3, licenses revoked: 2, signature valid\n\nlicense      lic-1\n/,
    );
    expect(bench.terminal.stdout).toMatch(/\n\nKept for later, not valid yet:\nlicense      lic-2\n/);
    expect(await open(content, '-o', 'json')).toBe(0);
    expect(bench.terminal.json()).toMatchObject({
      kind: 'key file',
      encryptionKeyId: '2026-11',
      timeFloor: '2026-12-01T00:00:00Z',
      license: { id: 'lic-1' },
      next: { id: 'lic-2', standing: 'not-yet-valid' },
      revocation: { signature: 'not checked' },
    });
  });

  it('shows a key file that keeps no license', async () => {
    expect(await open(sealKeyFile({ license: null, timeFloorMs: 0 }, ring))).toBe(0);
    expect(bench.terminal.stdout).toMatch(/\n\nlicense      none\n$/);
  });

  const anyLicense = (): string => bench.issuer.issue();
  it.each([
    ['sealed with another key', () => sealedBy(generateEncryptionKey('other')), 'KEY_UNKNOWN'],
    [
      'sealed with another key of that name',
      () => sealedBy(generateEncryptionKey('2026-11')),
      'SEAL_NOT_OPENED',
    ],
    ['cut off', () => sealed(anyLicense()).slice(0, 500), 'MALFORMED'],
    ['a license that is not sealed', anyLicense, 'MALFORMED'],
    ['a request', () => encodeRequest(subjectsFor('license'), 'x1'), 'MALFORMED'],
    ['other JSON', () => '{"hello":1}', 'MALFORMED'],
    ['a broken packet', () => '{"pattern":"license.key",', 'MALFORMED'],
    ['a packet with a name twice', twice, 'MALFORMED'],
    ['a packet on a wildcard', () => broadcast('*.key', sealed(anyLicense())), 'CONFIGURATION_INVALID'],
    ['a packet too large', () => broadcast('license.key', 'x'.repeat(70_000)), 'TOO_LARGE'],
    ['empty', () => '', 'FILE_REFUSED'],
  ])('answers a file that is %s with 1', async (_what, content, code) => {
    expect(await open(content())).toBe(1);
    expect(bench.terminal.stderr).toContain(`latchkey: ${code}: `);
    expect(bench.terminal.stdout).toBe('');
  });

  it.each([
    ['a pass phrase', 'k1:correct horse battery staple 32c!'.replaceAll(' ', '-'), 1, 'KEY_REFUSED'],
    ['a short key', 'k1:c2hvcnQ', 1, 'KEY_REFUSED'],
    ['a name twice', '{"keys":[],"keys":[]}', 1, 'MALFORMED'],
  ])('refuses %s as encryption keys, and does not repeat it', async (_what, keys, exitCode, code) => {
    const file = bench.file('bad.keys', keys);
    expect(await bench.terminal.run('open', bench.path('sealed'), '--encryption-keys', file)).toBe(exitCode);
    expect(bench.terminal.stderr).toContain(`latchkey: ${code}: `);
    expect(bench.terminal.stderr).not.toContain(keys.slice(3));
  });

  it('answers a file that is not there with 2', async () => {
    const nothing = bench.path('nothing');
    expect(await bench.terminal.run('open', nothing, '--encryption-keys', encryptionKeys)).toBe(2);
    expect(await bench.terminal.run('open', bench.file('sealed', 'x'), '--encryption-keys', nothing)).toBe(2);
  });

  function twice(): string {
    return broadcast('license.key', sealed(anyLicense())).replace('{', '{"pattern":"license.key",');
  }
});
