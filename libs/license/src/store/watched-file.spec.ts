import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ManualClock } from '../testing/manual-clock.js';
import { WatchedFile } from './watched-file.js';

describe('a watched file', () => {
  const clock = new ManualClock();
  let directory: string;
  let path: string;
  let watched: WatchedFile;
  let changes: number;
  const changesAfter = (ms: number): number => {
    changes = 0;
    clock.advance(ms);
    return changes;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'latchkey-watched-'));
    path = join(directory, 'file');
    writeFileSync(path, 'one');
  });
  afterEach(() => {
    watched.stop();
    rmSync(directory, { recursive: true });
  });
  const watch = (intervalMs?: number): void => {
    watched = new WatchedFile(path, clock, () => (changes += 1), intervalMs);
  };

  it('tells of nothing while nothing happens', () => {
    watch();
    expect(changesAfter(60_000)).toBe(0);
  });

  it.each<[string, () => void]>([
    ['written in place', () => writeFileSync(path, 'another text')],
    [
      'replaced by rename, as editors do, with a text of the same length',
      () => {
        writeFileSync(`${path}.new`, 'two');
        renameSync(`${path}.new`, path);
      },
    ],
    ['removed', () => unlinkSync(path)],
  ])('tells once, within two seconds, that it was %s', (_how, change) => {
    watch();
    change();
    expect(changesAfter(2000)).toBe(1);
    expect(changesAfter(60_000)).toBe(0);
  });

  it('tells when it is reached through another link, as Kubernetes swaps secrets', () => {
    for (const version of ['v1', 'v2']) {
      mkdirSync(join(directory, version));
      writeFileSync(join(directory, version, 'secret'), version);
    }
    symlinkSync('v1', join(directory, 'data'));
    path = join(directory, 'data', 'secret');
    watch();
    symlinkSync('v2', join(directory, 'data.new'));
    renameSync(join(directory, 'data.new'), join(directory, 'data'));
    expect(changesAfter(2000)).toBe(1);
  });

  it('tells when it appears, and when it goes and comes back', () => {
    unlinkSync(path);
    watch();
    writeFileSync(path, 'here');
    expect(changesAfter(2000)).toBe(1);
    unlinkSync(path);
    expect(changesAfter(2000)).toBe(1);
    writeFileSync(path, 'here');
    expect(changesAfter(2000)).toBe(1);
  });

  it('is looked at as often as it is told to, and no longer after stop', () => {
    watch(100);
    writeFileSync(path, 'another text');
    expect(changesAfter(100)).toBe(1);
    watched.stop();
    writeFileSync(path, 'yet another text');
    expect(changesAfter(60_000)).toBe(0);
  });
});
