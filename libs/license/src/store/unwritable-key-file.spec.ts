import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { FileLicenseStore } from './file-license-store.js';

const nobody = 65_534;
const isRoot = process.geteuid?.() === 0;
const describeOnPosix = process.platform === 'win32' ? describe.skip : describe;

let directory: string;
let path: string;
const warnings: string[] = [];
const openStore = (...paths: string[]): FileLicenseStore =>
  new FileLicenseStore(paths, (message) => warnings.push(message));

/** Runs `task` as a user who is not root, whom modes mean nothing to. */
async function asPlainUser<T>(task: () => Promise<T> | T): Promise<T> {
  if (!isRoot) return await task();
  process.seteuid?.(nobody);
  try {
    return await task();
  } finally {
    process.seteuid?.(0);
  }
}

/** A directory of `mode` that belongs to the plain user. */
function directoryOfMode(name: string, mode: number): string {
  const made = join(directory, name);
  mkdirSync(made);
  if (isRoot) chownSync(made, nobody, nobody);
  chmodSync(made, mode);
  return made;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-unwritable-'));
  chmodSync(directory, 0o755);
  warnings.length = 0;
});
afterEach(() => rmSync(directory, { recursive: true }));

describeOnPosix('a directory that may not be written to', () => {
  beforeEach(() => {
    path = join(directoryOfMode('keys', 0o700), 'license.key');
    writeFileSync(path, 'old', { mode: 0o600 });
    if (isRoot) chownSync(path, nobody, nobody);
    chmodSync(dirname(path), 0o500);
  });

  it('is reported, says what to do, and the old file stays', async () => {
    await asPlainUser(async () => {
      const store = openStore(path);
      expect(store.read()).toBe('old');
      await expect(store.write('new')).rejects.toMatchObject({
        code: 'FILE_NOT_WRITTEN',
        message: `key file ${path}: cannot be written (EACCES); the license stays in force until a restart: make the path writable for this service`,
        cause: expect.objectContaining({ code: 'EACCES' }) as unknown,
      });
      expect(store.read()).toBe('old');
    });
    expect(readdirSync(dirname(path))).toEqual(['license.key']);
  });

  it('is not left for another place once the file is there: two copies would drift apart', async () => {
    const other = join(directoryOfMode('other', 0o700), 'license.key');
    await asPlainUser(async () => {
      const store = openStore(path, other);
      store.read();
      await expect(store.write('new')).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN' });
    });
    expect(readdirSync(dirname(other))).toEqual([]);
  });

  it('keeps no copy aside either, and says so once', async () => {
    await asPlainUser(async () => {
      const store = openStore(path);
      store.read();
      await store.keepAside();
      await store.keepAside();
    });
    expect(warnings).toEqual([`key file ${path}: no copy could be kept aside (EACCES)`]);
  });
});

describeOnPosix('a directory that may not be entered', () => {
  it('as the home of another user is passed over, for reading and for writing', async () => {
    const work = join(directoryOfMode('work', 0o700), 'license.key');
    const home = join(directoryOfMode('home', 0o000), '.ai-agent-os', 'license.key');
    await asPlainUser(async () => {
      const store = openStore(home, work);
      expect(store.read()).toBeNull();
      await store.write('x');
      expect(openStore(home, work).read()).toBe('x');
    });
    expect(readFileSync(work, 'utf8')).toBe('x');
  });

  it('is reported when it is the one place that was named', async () => {
    const named = join(directoryOfMode('named', 0o000), 'license.key');
    await asPlainUser(() => {
      expect(() => openStore(named).read()).toThrow(`key file ${named}: cannot be read (EACCES)`);
    });
  });

  it('but written into, or listed, holds the file all the same', async () => {
    const blind = join(directoryOfMode('blind', 0o300), 'license.key');
    await asPlainUser(async () => {
      await openStore(blind).write('x');
      expect(openStore(blind).read()).toBe('x');
    });
  });
});

/** Mounts a file system that only a process of its own sees; it is reached through that process, and ends with it. */
async function mounted(
  options: string,
  prepare = 'true',
): Promise<{ root: string; end(): Promise<void> } | null> {
  const script = `mount -t tmpfs -o ${options} tmpfs /mnt && ${prepare} && echo ready && exec sleep 60`;
  const holder: ChildProcess = spawn('unshare', ['-m', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(holder, 'exit').catch(() => []); // "no such program" is an answer, too
  const ready = await Promise.race([
    once(holder.stdout as NodeJS.ReadableStream, 'data').then(() => true),
    exited.then(() => false),
  ]);
  if (!ready) {
    console.info('skipped: this machine has no "unshare -m" for a small file system');
    return null;
  }
  return {
    root: `/proc/${holder.pid}/root/mnt`,
    async end() {
      holder.kill();
      await exited;
    },
  };
}

describeOnPosix('a file system', () => {
  it('that is full costs nothing that was there, and leaves nothing behind', async () => {
    const disk = await mounted('size=16k');
    if (disk === null) return;
    try {
      const file = join(disk.root, 'license.key');
      const store = openStore(file);
      await store.write('old');
      await expect(store.write('x'.repeat(30_000))).rejects.toMatchObject({
        code: 'FILE_NOT_WRITTEN',
        message: expect.stringContaining('(ENOSPC)') as string,
      });
      expect(store.read()).toBe('old');
      expect(readdirSync(disk.root)).toEqual(['license.key']);
      await store.write('small enough again');
      expect(store.read()).toBe('small enough again');
    } finally {
      await disk.end();
    }
  });

  it('that is read-only is read from, and the failure reported', async () => {
    const prepare = 'printf old > /mnt/license.key && chmod 644 /mnt/license.key && mount -o remount,ro /mnt';
    const disk = await mounted('size=16k,mode=755', prepare);
    if (disk === null) return;
    try {
      const file = join(disk.root, 'license.key');
      const store = openStore(file);
      expect(store.read()).toBe('old');
      expect(warnings).toEqual([`key file ${file} has mode 644 and cannot be set to 600 (EROFS)`]);
      await expect(store.write('new')).rejects.toMatchObject({
        message: expect.stringContaining('(EROFS)') as string,
      });
      expect(store.read()).toBe('old');
    } finally {
      await disk.end();
    }
  });
});
