import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { readRegularFile, readTextFile } from './read-file.js';

const describeOnPosix = process.platform === 'win32' ? describe.skip : describe;
const describeOnLinux = existsSync('/proc/self/fd') ? describe : describe.skip;
if (process.platform === 'win32')
  console.info('skipped: FIFOs, sockets, devices and modes do not exist on Windows');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'latchkey-read-file-'));
  chmodSync(directory, 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Writes a file into the directory of this test. */
function fileOf(content: string | Buffer, mode = 0o600): string {
  const path = join(directory, 'file');
  writeFileSync(path, content);
  chmodSync(path, mode); // writeFile's own mode is cut by the umask
  return path;
}

const reading = (path: string, maxBytes?: number) =>
  refusalOf(() => readRegularFile(path, 'license', maxBytes === undefined ? {} : { maxBytes }));

const refused = (why: string) => ({ code: 'FILE_REFUSED', message: expect.stringContaining(why) as string });

/** Runs `task` as a user who is not root, whom modes mean nothing to. */
function asPlainUser<T>(task: () => T): T {
  if (process.geteuid?.() !== 0) return task();
  process.seteuid?.(65_534);
  try {
    return task();
  } finally {
    process.seteuid?.(0);
  }
}

describe('reading a file', () => {
  it('gives its bytes as they are, and its mode', () => {
    const bytes = Buffer.from([0, 255, 10, 13, 239, 187, 191]);
    const { bytes: read, mode } = readRegularFile(fileOf(bytes, 0o640), 'license');
    expect(read).toEqual(bytes);
    expect(mode).toBe(process.platform === 'win32' ? 0 : 0o640);
  });

  it('says when there is none', () => {
    const dangling = join(directory, 'dangling');
    symlinkSync(join(directory, 'nowhere'), dangling);
    for (const path of [join(directory, 'none'), join(fileOf('x'), 'below a file'), dangling, '']) {
      expect(reading(path)).toMatchObject({
        code: 'FILE_ABSENT',
        message: `license ${path}: no such file`,
        cause: expect.objectContaining({ syscall: 'open' }),
      });
    }
  });

  it('follows links, also the two in a row of a Kubernetes secret', () => {
    fileOf('content');
    symlinkSync('file', join(directory, '..data'));
    symlinkSync('..data', join(directory, 'license.lic'));
    expect(readTextFile(join(directory, 'license.lic'), 'license')).toBe('content');
  });

  it('refuses a link that leads to itself', () => {
    const path = join(directory, 'loop');
    symlinkSync('loop', path);
    expect(reading(path)).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('ELOOP'),
    });
  });

  it('refuses a directory, also through a link', () => {
    const link = join(directory, 'link');
    symlinkSync(directory, link);
    for (const path of [directory, link]) {
      expect(reading(path)).toMatchObject(refused('found a directory'));
    }
  });

  it('refuses an empty file', () => {
    expect(reading(fileOf(''))).toMatchObject(refused('empty'));
  });

  it('takes as many bytes as allowed, 1 MiB by default, and not one more', () => {
    const path = fileOf(Buffer.alloc(1024 * 1024 + 1, 'x'));
    expect(reading(path)).toMatchObject(refused('at most 1048576 bytes'));
    truncateSync(path, 1024 * 1024);
    expect(readRegularFile(path, 'license').bytes).toHaveLength(1024 * 1024);
    truncateSync(path, 65_536);
    expect(reading(path, 65_536)).toBeUndefined();
    expect(reading(path, 65_535)?.code).toBe('FILE_REFUSED');
  });

  it('refuses a file of 1 GB and never holds it in memory', () => {
    const path = fileOf('x');
    truncateSync(path, 1_000_000_000); // sparse: takes no space on the disk
    const before = process.memoryUsage.rss();
    expect(reading(path)).toMatchObject(refused('found 1000000000'));
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('lets the caller look at the open file before its content is read', () => {
    const seen: Stats[] = [];
    const inspect = (_: number, stats: Stats) => seen.push(stats);
    readRegularFile(fileOf('content'), 'license', { inspect });
    expect(codeOf(() => readRegularFile(directory, 'license', { inspect }))).toBe('FILE_REFUSED');
    expect(seen.map((stats) => stats.size)).toEqual([7]);
  });
});

describeOnPosix('reading a file by the rules of POSIX', () => {
  it('refuses a FIFO that nobody writes to, instead of waiting for ever', () => {
    const path = join(directory, 'fifo');
    execFileSync('mkfifo', [path]);
    expect(reading(path)).toMatchObject(refused('found a FIFO'));
  });

  it('refuses a socket', async () => {
    const path = join(directory, 'socket');
    const server = createServer().listen(path);
    await once(server, 'listening');
    expect(reading(path)).toMatchObject(refused('found a socket'));
    server.close();
    await once(server, 'close');
  });

  it('refuses a device, endless or empty', () => {
    for (const path of ['/dev/zero', '/dev/null']) {
      expect(reading(path)).toMatchObject(refused('found a device'));
    }
  });

  it('says when it may not, and why', () => {
    const path = fileOf('x', 0o000);
    expect(asPlainUser(() => reading(path))).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `license ${path}: cannot be read (EACCES)`,
      cause: expect.objectContaining({ code: 'EACCES' }),
    });
  });

  it('warns once about a file that every user may change, and reads it', () => {
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    for (const mode of [0o600, 0o644, 0o664]) readTextFile(fileOf('secret', mode), 'LICENSE_PATH', warn);
    expect(warnings).toEqual([]);
    const path = fileOf('secret', 0o646);
    expect(readTextFile(path, 'LICENSE_PATH', warn)).toBe('secret');
    expect(warnings).toEqual([`LICENSE_PATH ${path} is world-writable (mode 646): run chmod o-w on it`]);
  });
});

describeOnLinux('reading a file on Linux', () => {
  it('reads a file whose size says nothing', () => {
    expect(readTextFile('/proc/self/status', 'status')).toContain('Name:');
  });

  it('leaves no file open, whether it read or refused', () => {
    const paths = [fileOf('x'), directory, join(directory, 'none'), '/dev/zero'];
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 50; i += 1) for (const path of paths) void reading(path, 1);
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 50);
  });
});

describe('reading text', () => {
  it.each([
    ['secret', 'secret'],
    ['secret\n', 'secret'],
    ['secret\r\n', 'secret'],
    ['secret\n\n', 'secret\n'],
    [' secret ', ' secret '],
    ['zwei\nZeilen\n', 'zwei\nZeilen'],
    ['Söhne \u{1F511}\n', 'Söhne \u{1F511}'],
  ])('of %j gives %j: one line end is forgiven', (content, text) => {
    expect(readTextFile(fileOf(content), 'secret')).toBe(text);
  });
});
