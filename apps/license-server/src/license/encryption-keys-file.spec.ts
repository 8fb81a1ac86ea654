import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generateEncryptionKey } from '@latchkey/license/issuing';
import { parseEncryptionKeys } from '@latchkey/license/protocol';
import { ManualClock } from '@latchkey/license/testing';

import { EncryptionKeysFile } from './encryption-keys-file.js';

const pollMs = 1000;

describe('the file of encryption keys', () => {
  const first = generateEncryptionKey('first');
  const second = generateEncryptionKey('second');
  let directory: string;
  let path: string;
  let clock: ManualClock;
  let log: string[];
  let file: EncryptionKeysFile;
  let changes: number;
  let writes = 0;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'latchkey-keys-'));
    path = join(directory, 'encryption.keys');
    clock = new ManualClock();
    log = [];
    writeFileSync(path, first);
    file = new EncryptionKeysFile(path, parseEncryptionKeys(first), clock, {
      log: (text: string) => log.push(`info ${text}`),
      warn: (text: string) => log.push(`warn ${text}`),
      error: (text: string) => log.push(`error ${text}`),
    });
  });
  afterEach(() => {
    file.beforeApplicationShutdown();
    rmSync(directory, { recursive: true });
  });
  const start = (): void => {
    file.onModuleInit();
    changes = 0;
    file.changes$.subscribe(() => (changes += 1));
  };
  const rewrite = (text: string): void => {
    writeFileSync(path, text);
    utimesSync(path, ++writes, writes); // each at a time of its own, as people write
    clock.advance(pollMs);
  };

  it('is quiet while nothing changes', () => {
    start();
    clock.advance(60_000);
    expect([changes, log]).toEqual([0, []]);
  });

  it('goes through a rotation: the ring follows each step, and it is told each time', () => {
    start();
    rewrite(`${first}\n${second}\n`);
    expect(file.ring.kids).toEqual(['first', 'second']);
    rewrite(`${second}\n${first}\n`);
    expect(file.ring.first.kid).toBe('second');
    rewrite(second);
    expect(file.ring.find('first')).toBeUndefined();
    expect(changes).toBe(3);
    expect(log.at(-1)).toBe('info encryption keys now: second; the first one seals');
  });

  it('is read again at the start: it may have changed since the configuration was', () => {
    writeFileSync(path, second);
    start();
    expect(file.ring.kids).toEqual(['second']);
  });

  it.each<[string, string, () => void]>([
    ['FILE_ABSENT', 'gone', () => rmSync(path)],
    ['FILE_REFUSED', 'empty', () => writeFileSync(path, '')],
    ['KEY_REFUSED', 'a pass phrase', () => writeFileSync(path, 'second:correct-horse-battery-staple-1')],
    ['KEY_REFUSED', 'one key twice', () => writeFileSync(path, `${first} ${first}`)],
  ])('changes nothing, with the reason %s, while it is %s', (code, _what, spoil) => {
    start();
    spoil();
    clock.advance(pollMs);
    expect(file.ring.kids).toEqual(['first']);
    expect(file.problem?.code).toBe(code);
    expect(log).toEqual([
      expect.stringMatching(
        `^error LICENSE_ENCRYPTION_KEYS_FILE .*; the keys read before stay in use: first$`,
      ),
    ]);
    expect(log.join()).not.toMatch(/horse/);
    expect(changes).toBe(0);
    rewrite(first);
    expect(file.problem).toBeNull();
  });

  it('may not be one at all: then the keys stay', () => {
    const fixed = new EncryptionKeysFile(undefined, parseEncryptionKeys(first), clock, console);
    fixed.onModuleInit();
    expect([fixed.ring.kids, fixed.problem]).toEqual([['first'], null]);
  });
});
