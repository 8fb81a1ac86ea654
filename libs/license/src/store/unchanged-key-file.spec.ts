import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ManualClock } from '../testing/manual-clock.js';
import { until } from '../testing/until.js';
import { FileLicenseStore } from './file-license-store.js';

let directory: string;
let path: string;
let clock: ManualClock;
let store: FileLicenseStore;
let warnings: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-unchanged-'));
  path = join(directory, 'license.key');
  clock = new ManualClock(Date.now() + 60_000); // files made now have come to rest
  warnings = [];
  store = new FileLicenseStore([path], (message) => warnings.push(message), clock);
  put('as it was');
});
afterEach(() => rmSync(directory, { recursive: true }));

const put = (content: string): void => writeFileSync(path, content, { mode: 0o600 });

const countsBytes = existsSync('/proc/self/io');

/** Bytes that this process has read so far; always 0 where nobody counts them. */
function bytesRead(): number {
  return countsBytes ? Number(/rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'latin1'))?.[1]) : 0;
}

/** What reading it three times costs, beside looking at the count. */
function bytesReadBy(reader: FileLicenseStore): number {
  const before = bytesRead();
  const own = bytesRead() - before;
  for (let i = 0; i < 3; i += 1) reader.read();
  return bytesRead() - before - 2 * own;
}

describe('a key file that nobody touched', () => {
  it('is not read again', () => {
    expect(store.read()).toBe('as it was');
    expect(bytesReadBy(store)).toBe(0);
  });

  it('is read again as long as it is young: two changes in one tick of a clock look like one', () => {
    const young = new FileLicenseStore([path], () => {});
    expect(young.read()).toBe('as it was');
    expect(bytesReadBy(young)).toBe(countsBytes ? 3 * 'as it was'.length : 0);
  });
});

describe('a key file is read again when', () => {
  beforeEach(() => {
    store.read();
    store.read();
  });

  it('another one was put in its place', () => {
    writeFileSync(`${path}.new`, 'as it is.');
    renameSync(`${path}.new`, path);
    expect(store.read()).toBe('as it is.');
  });

  it('its content changes in place, to the same length and with the time it had', async () => {
    const past = new Date(Date.now() - 3_600_000);
    utimesSync(path, past, past);
    store.read();
    const { ctimeMs } = statSync(path);
    await until(() => {
      put('as it is.');
      utimesSync(path, past, past);
      return statSync(path).ctimeMs !== ctimeMs; // the clock of a file system ticks every few milliseconds
    });
    expect(store.read()).toBe('as it is.');
  });

  it('a link at its place leads elsewhere now', () => {
    unlinkSync(path);
    writeFileSync(join(directory, 'one'), 'by a link', { mode: 0o600 });
    writeFileSync(join(directory, 'two'), 'to others', { mode: 0o600 });
    symlinkSync('one', path);
    expect([store.read(), store.read()]).toEqual(['by a link', 'by a link']);
    unlinkSync(path);
    symlinkSync('two', path);
    expect(store.read()).toBe('to others');
  });

  it('this very store wrote it', async () => {
    await store.write('written.');
    expect([store.read(), store.read()]).toEqual(['written.', 'written.']);
  });

  it('somebody removed it, and put it back', () => {
    unlinkSync(path);
    expect(store.read()).toBeNull();
    put('it is back');
    expect(store.read()).toBe('it is back');
  });

  it('its mode was changed, which is put right', () => {
    chmodSync(path, 0o644);
    expect(store.read()).toBe('as it was');
    expect(warnings).toHaveLength(process.platform === 'win32' ? 0 : 1);
  });
});
