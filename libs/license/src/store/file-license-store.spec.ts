import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ManualClock } from '../testing/manual-clock.js';
import { FileLicenseStore } from './file-license-store.js';

const describeOnPosix = process.platform === 'win32' ? describe.skip : describe;
const modeOf = (path: string): number => statSync(path).mode & 0o777;

let directory: string;
let home: string;
let local: string;
let warnings: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-file-store-'));
  home = join(directory, 'home', '.ai-agent-os', 'license.key');
  local = join(directory, 'work', 'license.key');
  mkdirSync(dirname(local));
  warnings = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

const storeAt = (...paths: string[]): FileLicenseStore =>
  new FileLicenseStore(paths, (message) => warnings.push(message));
const put = (path: string, content: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, content, { mode: 0o600 });
};

describe('which file is used', () => {
  it('the first that exists is read, and written to', async () => {
    put(home, 'at home');
    put(local, 'here');
    const store = storeAt(home, local);
    expect(store.read()).toBe('at home');
    await store.write('new');
    expect([readFileSync(home, 'utf8'), readFileSync(local, 'utf8')]).toEqual(['new', 'here']);
    expect(store.location).toBe(home);
  });

  it('a later one that exists is written to, although an earlier one could be', async () => {
    put(local, 'here');
    const store = storeAt(home, local);
    expect(store.read()).toBe('here');
    await store.write('new');
    expect(readFileSync(local, 'utf8')).toBe('new');
    expect(existsSync(home)).toBe(false);
  });

  it('with none there, the first that can be written is made, and stays the one', async () => {
    const blocked = join(local, 'below a file', 'license.key');
    put(local, 'a file, so nothing can be below it');
    const store = storeAt(blocked, home);
    expect(store.read()).toBeNull();
    expect(store.location).toBe(`${blocked} or ${home}`);
    await store.write('x');
    expect([store.location, store.read()]).toEqual([home, 'x']);
    await store.write('y');
    expect(readFileSync(home, 'utf8')).toBe('y');
  });

  it('one that cannot be used is not passed over in silence, and what is written next goes there', async () => {
    put(home, '');
    put(local, 'here');
    const store = storeAt(home, local);
    expect(() => store.read()).toThrow('found an empty file');
    await store.write('new');
    expect([store.read(), readFileSync(home, 'utf8'), readFileSync(local, 'utf8')]).toEqual([
      'new',
      'new',
      'here',
    ]);
  });

  it('one that appears later, because another service wrote it, is found', () => {
    const store = storeAt(home, local);
    expect(store.read()).toBeNull();
    put(local, 'from another service');
    expect(store.read()).toBe('from another service');
  });
});

describeOnPosix('what is written, on POSIX', () => {
  it('is of mode 0600 in new directories of mode 0700, whatever was there before', async () => {
    const umask = process.umask(0);
    try {
      await storeAt(home).write('x');
    } finally {
      process.umask(umask);
    }
    expect([modeOf(home), modeOf(dirname(home)), modeOf(dirname(dirname(home)))]).toEqual([
      0o600, 0o700, 0o700,
    ]);

    chmodSync(home, 0o666);
    await storeAt(home).write('y');
    expect(modeOf(home)).toBe(0o600);
  });

  it('leaves the mode of a directory that was there alone', async () => {
    chmodSync(dirname(local), 0o755);
    await storeAt(local).write('x');
    expect(modeOf(dirname(local))).toBe(0o755);
  });
});

describe('what is written', () => {
  it('leaves nothing beside it', async () => {
    const store = storeAt(local);
    await store.write('x');
    await store.write('y');
    expect(readdirSync(dirname(local))).toEqual(['license.key']);
  });

  it('is never seen half: whoever reads meanwhile gets the old text or the new one', async () => {
    const [old, renewed] = ['a'.repeat(60_000), 'b'.repeat(50_000)];
    const store = storeAt(local);
    await store.write(old);
    const seen = new Set<string>();
    const progress = { done: false };
    const writing = store.write(renewed).finally(() => (progress.done = true));
    while (!progress.done) {
      seen.add(readFileSync(local, 'utf8'));
      await new Promise(setImmediate);
    }
    await writing;
    seen.add(readFileSync(local, 'utf8'));
    expect([...seen].every((text) => text === old || text === renewed)).toBe(true);
    expect(seen.has(renewed)).toBe(true);
  });
});

describe('temporary files of a crash', () => {
  it('are removed at start when they are older than ten minutes, and nothing else is', () => {
    const clock = new ManualClock();
    const temporary = (name: string, ageMs: number): string => {
      const path = join(dirname(local), name);
      writeFileSync(path, 'x');
      const atS = (clock.wallMs() - ageMs) / 1000;
      utimesSync(path, atS, atS);
      return name;
    };
    const tenMinutesMs = 10 * 60_000;
    temporary(`license.key.${'0a'.repeat(8)}.tmp`, tenMinutesMs + 2000);
    const kept = [
      temporary(`license.key.${'0b'.repeat(8)}.tmp`, tenMinutesMs - 2000),
      temporary('license.key', 2 * tenMinutesMs),
      temporary('license.key.rejected', 2 * tenMinutesMs),
      temporary('license.key.0a.tmp', 2 * tenMinutesMs),
      temporary(`other.key.${'0c'.repeat(8)}.tmp`, 2 * tenMinutesMs),
    ];
    new FileLicenseStore([home, local], () => {}, clock).read();
    expect(readdirSync(dirname(local)).toSorted()).toEqual(kept.toSorted());
  });
});

describe('what cannot be opened', () => {
  it('is put aside as a copy once, told once, and the copy is never overwritten', async () => {
    put(local, 'damaged');
    const store = storeAt(local);
    store.read();
    await store.keepAside();
    await store.write('good');
    put(local, 'damaged again');
    await store.keepAside();
    expect(readFileSync(`${local}.rejected`, 'utf8')).toBe('damaged');
    expect(warnings).toEqual([`key file ${local} could not be opened: a copy is kept as ${local}.rejected`]);
  });
});
