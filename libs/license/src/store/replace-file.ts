import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fsync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { LicenseError } from '../core/errors.js';

const onWindows = process.platform === 'win32';

/** The two waits for the disk, and the only steps left to the thread pool (ADR 0011). */
const sync = promisify(fsync);

/**
 * Replaces the file at `path` as a whole or not at all: mode 0600, synced to the disk, in a directory that is made
 * with mode 0700 when there is none. A link at the path is replaced, what it leads to is left alone.
 *
 * @throws {FILE_REFUSED} when something stands there that is no file
 * @throws {Error} of the file system; what was there still is
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  // Renaming over a device such as /dev/null would destroy it.
  if (kindAt(path) === 'other') throw new LicenseError('FILE_REFUSED', 'what is there is not a regular file');
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const temporary = join(directory, `${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  const noFollow = onWindows ? 0 : constants.O_NOFOLLOW;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow;
  const descriptor = openSync(temporary, flags, 0o600);
  try {
    try {
      writeFileSync(descriptor, content);
      await sync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeLeftover(temporary);
    throw error;
  }
  if (!onWindows) await syncDirectory(directory);
}

function removeLeftover(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    // The first error is the one to report; a leftover goes at the next start.
  }
}

/** What stands at the path itself, without following a link. */
export function kindAt(path: string): 'absent' | 'file' | 'link' | 'other' {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'absent';
  return stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other';
}

// Without it a power cut may undo the rename. Not every file system can do it; the file is in place all the same.
async function syncDirectory(directory: string): Promise<void> {
  try {
    const descriptor = openSync(directory, constants.O_RDONLY);
    try {
      await sync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!['EACCES', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Removes what a crash in the middle of {@link replaceFile} left behind. */
export function removeTemporaryFiles(path: string, olderThanMs: number): void {
  const prefix = `${basename(path)}.`;
  try {
    for (const name of readdirSync(dirname(path))) {
      if (!name.startsWith(prefix) || !/^[0-9a-f]{16}\.tmp$/.test(name.slice(prefix.length))) continue;
      const stale = join(dirname(path), name);
      if (statSync(stale).mtimeMs < olderThanMs) unlinkSync(stale);
    }
  } catch {
    // The directory may not exist yet, or another service may be tidying too: nothing here is needed to go on.
  }
}
