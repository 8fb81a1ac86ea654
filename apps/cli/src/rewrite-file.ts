import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';

import { LicenseError } from '@latchkey/license/protocol';

/**
 * Gives a file that exists another content. It keeps its owner, its group and, unless `mode` says otherwise, its
 * mode; a link to it stays a link. Whatever happens on the way, a reader sees the old content or the whole new one.
 *
 * @param mode gets the permission bits the file has, and gives those it shall have
 * @throws {FILE_NOT_WRITTEN} the old file is intact then
 */
export function rewriteFile(path: string, content: string, mode = (bits: number): number => bits): void {
  let temporary: string | undefined;
  try {
    const target = realpathSync(path);
    const stats = statSync(target);
    temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
    writeLike(stats, mode(stats.mode & 0o777), temporary, content);
    renameSync(temporary, target);
    if (process.platform !== 'win32') syncDirectory(dirname(target));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new LicenseError('FILE_NOT_WRITTEN', `${path}: cannot be replaced (${reason})`, { cause });
  } finally {
    if (temporary !== undefined) rmSync(temporary, { force: true });
  }
}

function writeLike({ uid, gid }: Stats, mode: number, path: string, content: string): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    // A server that runs as another user would be locked out of its own keys.
    fchownSync(descriptor, uid, gid);
    fchmodSync(descriptor, mode);
    writeFileSync(descriptor, content, { flush: true });
  } finally {
    closeSync(descriptor);
  }
}

/** Without it a power cut may undo the rename. */
function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
