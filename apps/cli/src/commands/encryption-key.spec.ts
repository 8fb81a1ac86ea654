import { parseEncryptionKeys } from '@latchkey/license/protocol';

import { Terminal } from '../../test/support/terminal.js';

describe('latchkey encryption-key', () => {
  const terminal = new Terminal();

  it('prints one line that LICENSE_ENCRYPTION_KEYS takes, and nothing else', async () => {
    expect(await terminal.run('encryption-key', '--kid', '2026-11')).toBe(0);
    expect(terminal.stdout).toMatch(/^2026-11:[A-Za-z0-9_-]{43}\n$/);
    expect(terminal.stderr).toBe('');
    expect(parseEncryptionKeys(terminal.stdout).kids).toEqual(['2026-11']);
  });

  it('makes another key each time, and names it after itself when given no name', async () => {
    await terminal.run('encryption-key');
    const one = terminal.stdout;
    await terminal.run('encryption-key');
    expect(terminal.stdout).not.toBe(one);
    const [kid = '', key = ''] = one.trim().split(':');
    expect(parseEncryptionKeys(key).kids).toEqual([kid]);
  });

  it('gives the same line to programs', async () => {
    await terminal.run('encryption-key', '--kid', 'k1', '-o', 'json');
    expect(terminal.json()).toEqual({ ok: true, kid: 'k1', encryptionKey: expect.stringMatching(/^k1:/) });
  });

  it.each(['', 'a b', 'a:b', 'x'.repeat(65)])('refuses "%s" as a key id', async (kid) => {
    expect(await terminal.run('encryption-key', '--kid', kid)).toBe(2);
    expect(terminal.stderr).toContain('1 to 64 letters');
  });
});
