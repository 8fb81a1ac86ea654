import { randomBytes } from 'node:crypto';
import { closeSync, lstatSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

import { LicenseError, parseLicenseText, readTextFile } from '@latchkey/license/protocol';

/** A file to be made. */
export interface NewFile {
  readonly path: string;
  readonly content: string;
  /** Permission bits, before the umask. */
  readonly mode: number;
}

/** Makes a directory, and those above it, for its owner only. @throws {FILE_NOT_WRITTEN} when it cannot be made */
export function makeDirectory(path: string): void {
  attempt(path, () => mkdirSync(path, { recursive: true, mode: 0o700 }));
}

/** @throws {FILE_NOT_WRITTEN} naming each path where something is already */
export function assertNothingThere(paths: readonly string[]): void {
  const found = paths.filter(
    (path) => attempt(path, () => lstatSync(path, { throwIfNoEntry: false })) !== undefined,
  );
  if (found.length > 0) throw existsAlready(found.join(' and '), 'give another directory, or move it away');
}

/**
 * Writes all files or none, and never over anything.
 *
 * @throws {FILE_NOT_WRITTEN} when one exists or cannot be written
 */
export function writeNewFiles(files: readonly NewFile[]): void {
  const made: string[] = [];
  try {
    for (const { path, content, mode } of files) {
      attempt(path, () => {
        const descriptor = openSync(path, 'wx', mode);
        made.push(path); // before the content: half a file goes, too
        try {
          writeFileSync(descriptor, content, { flush: true });
        } finally {
          closeSync(descriptor);
        }
      });
    }
  } catch (error) {
    for (const path of made) rmSync(path);
    throw error;
  }
}

/**
 * @param force allow an older license in its place, but nothing else: not a key, not a device
 * @throws {FILE_NOT_WRITTEN} when something may not be replaced
 */
export function assertLicenseMayGo(path: string, force: boolean): void {
  const stats = attempt(path, () => lstatSync(path, { throwIfNoEntry: false }));
  if (stats === undefined) return;
  if (!force) throw existsAlready(path, 'give another --out, or --force to replace it');
  try {
    if (!stats.isFile()) throw new LicenseError('FILE_REFUSED', 'not a regular file');
    parseLicenseText(readTextFile(path, 'license file'));
  } catch (cause) {
    throw new LicenseError(
      'FILE_NOT_WRITTEN',
      `${path}: expected an older license, found something else, which --force does not replace: give another --out`,
      { cause },
    );
  }
}

/**
 * Writes a file so that a reader sees the old one or the whole new one, whatever happens on the way.
 *
 * @throws {FILE_NOT_WRITTEN} the old file is intact then
 */
export function replaceFile({ path, content, mode }: NewFile): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    attempt(path, () => {
      writeFileSync(temporary, content, { flag: 'wx', mode, flush: true });
      renameSync(temporary, path);
    });
  } finally {
    rmSync(temporary, { force: true });
  }
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw existsAlready(path, 'give another directory');
    const reason = code === 'ENOENT' ? 'no such directory' : (code ?? 'unknown error');
    throw new LicenseError('FILE_NOT_WRITTEN', `${path}: cannot be written (${reason})`, { cause });
  }
}

function existsAlready(path: string, advice: string): LicenseError {
  return new LicenseError('FILE_NOT_WRITTEN', `${path}: already there, and not overwritten: ${advice}`);
}
