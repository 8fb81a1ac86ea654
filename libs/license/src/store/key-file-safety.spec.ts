import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { refusalOf } from '../testing/throws-with-code.js';
import { FileLicenseStore } from './file-license-store.js';

const isRoot = process.geteuid?.() === 0;
const describeOnPosix = process.platform === 'win32' ? describe.skip : describe;
const describeAsRoot = isRoot ? describe : describe.skip;
if (process.platform === 'win32') console.info('skipped: modes, owners, links and FIFOs are those of POSIX');
else if (!isRoot) console.info('skipped: files of another user can only be made by root');

const modeOf = (path: string): number => statSync(path).mode & 0o777;

let directory: string;
let path: string;
let warnings: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-safety-'));
  path = join(directory, 'license.key');
  warnings = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

const openStore = (...paths: string[]): FileLicenseStore =>
  new FileLicenseStore(paths.length > 0 ? paths : [path], (message) => warnings.push(message));
const reading = (store: FileLicenseStore) => refusalOf(() => store.read());
const writtenTo = async (store: FileLicenseStore): Promise<string> => {
  await store.write('new');
  return readFileSync(path, 'utf8');
};

describeOnPosix('a key file that others can touch', () => {
  it.each(['644', '660', '604', '777'])('of mode %s is read and repaired, with one warning', (mode) => {
    writeFileSync(path, 'sealed');
    chmodSync(path, Number.parseInt(mode, 8));
    const store = openStore();
    expect([store.read(), store.read()]).toEqual(['sealed', 'sealed']);
    expect(modeOf(path)).toBe(0o600);
    expect(warnings).toEqual([`key file ${path} has mode ${mode}: set to 600`]);
  });

  it.each(['600', '400'])('of mode %s is left as it is, without a word', (mode) => {
    writeFileSync(path, 'sealed');
    chmodSync(path, Number.parseInt(mode, 8));
    expect(openStore().read()).toBe('sealed');
    expect([modeOf(path), warnings]).toEqual([Number.parseInt(mode, 8), []]);
  });

  it.each(['770', '707'])('in a directory of mode %s is read, with one warning', (mode) => {
    writeFileSync(path, 'sealed', { mode: 0o600 });
    chmodSync(directory, Number.parseInt(mode, 8));
    const store = openStore();
    expect([store.read(), store.read()]).toEqual(['sealed', 'sealed']);
    expect(warnings).toEqual([expect.stringContaining(`directory ${directory} of the key file is writable`)]);
  });
});

describeOnPosix('something else at the path of the key file', () => {
  it('a directory is refused with its reason, neither removed nor written over', async () => {
    mkdirSync(path);
    const store = openStore();
    expect(reading(store)).toMatchObject({
      code: 'FILE_REFUSED',
      message: `key file ${path}: expected a regular file, found a directory`,
    });
    await store.keepAside();
    await expect(store.write('new')).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN' });
    expect(lstatSync(path).isDirectory()).toBe(true);
  });

  it('a FIFO is refused without waiting for it, neither copied nor written over', async () => {
    execFileSync('mkfifo', [path]);
    const store = openStore();
    expect(reading(store)).toMatchObject({ code: 'FILE_REFUSED' });
    await store.keepAside();
    await expect(store.write('new')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringContaining('what is there is not a regular file') as string,
    });
    expect(lstatSync(path).isFIFO()).toBe(true);
  });

  it('an empty file is refused, and replaced by the next word', async () => {
    writeFileSync(path, '');
    const store = openStore();
    expect(reading(store)).toMatchObject({ code: 'FILE_REFUSED' });
    expect(await writtenTo(store)).toBe('new');
  });

  it('a file of more than 64 KiB is refused, put aside whole, and replaced by the next word', async () => {
    writeFileSync(path, 'x'.repeat(64 * 1024), { mode: 0o600 });
    expect(openStore().read()).toHaveLength(64 * 1024);
    const tooLarge = 'x'.repeat(65 * 1024);
    writeFileSync(path, tooLarge);
    const store = openStore();
    expect(reading(store)).toMatchObject({
      code: 'FILE_REFUSED',
      message: expect.stringContaining('at most 65536 bytes, found 66560') as string,
    });
    await store.keepAside();
    expect(await writtenTo(store)).toBe('new');
    expect(readFileSync(`${path}.rejected`, 'utf8')).toBe(tooLarge);
  });
});

describeOnPosix('a link at the path of the key file', () => {
  let target: string;
  beforeEach(() => {
    target = join(directory, 'elsewhere', 'target');
    mkdirSync(dirname(target));
    symlinkSync(target, path);
  });

  it('is followed for reading; what it leads to keeps its mode, with one warning', () => {
    writeFileSync(target, 'sealed');
    chmodSync(target, 0o644);
    const store = openStore();
    expect([store.read(), store.read()]).toEqual(['sealed', 'sealed']);
    expect(modeOf(target)).toBe(0o644);
    expect(warnings).toEqual([
      `key file ${path} has mode 644 and is reached through a link: run chmod 600 on the file itself`,
    ]);
  });

  it('is replaced by writing; what it leads to is neither changed nor copied', async () => {
    writeFileSync(target, 'not ours', { mode: 0o600 });
    const store = openStore();
    store.read();
    await store.keepAside();
    expect(await writtenTo(store)).toBe('new');
    expect([lstatSync(path).isFile(), readFileSync(target, 'utf8')]).toEqual([true, 'not ours']);
    expect(existsSync(`${path}.rejected`)).toBe(false);
  });

  it('that leads nowhere is no file', async () => {
    const store = openStore();
    expect(store.read()).toBeNull();
    expect(await writtenTo(store)).toBe('new');
    expect(existsSync(target)).toBe(false);
  });
});

describeAsRoot('as root', () => {
  it('a key file that belongs to another user is read, with one warning', () => {
    writeFileSync(path, 'sealed', { mode: 0o600 });
    chownSync(path, 65_534, 65_534);
    const store = openStore();
    expect([store.read(), store.read()]).toEqual(['sealed', 'sealed']);
    expect(warnings).toEqual([`key file ${path} belongs to user 65534, this service runs as 0`]);
  });

  it('a device survives: LICENSE_KEY_PATH=/dev/null does not cost the machine its /dev/null', async () => {
    try {
      execFileSync('mknod', [path, 'c', '1', '3'], { stdio: 'ignore' });
    } catch {
      console.info('skipped: this container may not make devices');
      return;
    }
    const store = openStore();
    expect(reading(store)).toMatchObject({ code: 'FILE_REFUSED' });
    await expect(store.write('new')).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN' });
    expect(lstatSync(path).isCharacterDevice()).toBe(true);
  });
});
