import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

import { LicenseError } from '../core/errors.js';
import { errorCodeOf } from './error-code.js';

/** A file that was read. */
export interface FileContent {
  readonly bytes: Buffer;
  /** Permission bits, such as 0o600; 0 on Windows, where they mean nothing. */
  readonly mode: number;
}

/** How to read a file. */
export interface ReadOptions {
  /** Default 1 MiB. */
  readonly maxBytes?: number;
  /** Looks at the open file, so that what it sees and what is read are one and the same. */
  readonly inspect?: (descriptor: number, stats: Stats) => void;
}

/** Largest secret, license or public-key file. */
export const maxConfigurationFileBytes = 1024 * 1024;

// Attack: opening a FIFO waits for ever, and then not even process.exit ends the process.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a whole regular file, following links, without ever waiting and without ever reading more than allowed.
 *
 * @param what what the file is, for the message
 * @throws {FILE_ABSENT} no such file
 * @throws {FILE_REFUSED} a directory, FIFO or device; empty; too large
 * @throws {FILE_UNREADABLE} any other error of the file system; `cause` has it
 */
export function readRegularFile(
  path: string,
  what: string,
  { maxBytes = maxConfigurationFileBytes, inspect }: ReadOptions = {},
): FileContent {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, openFlags);
    const stats = fstatSync(descriptor);
    const kind = kindOf(stats);
    if (kind !== 'a regular file') {
      throw new LicenseError('FILE_REFUSED', `${what} ${path}: expected a regular file, found ${kind}`);
    }
    inspect?.(descriptor, stats);
    const bytes = readAtMost(descriptor, maxBytes + 1);
    if (bytes.length === 0) {
      throw new LicenseError('FILE_REFUSED', `${what} ${path}: expected content, found an empty file`);
    }
    if (bytes.length > maxBytes) {
      throw new LicenseError(
        'FILE_REFUSED',
        `${what} ${path}: expected at most ${maxBytes} bytes, found ${stats.size}`,
      );
    }
    return { bytes, mode: process.platform === 'win32' ? 0 : stats.mode & 0o7777 };
  } catch (error) {
    throw asFileError(error, path, what);
  } finally {
    if (descriptor !== undefined) closeAfterReading(descriptor);
  }
}

/**
 * Reads a text file of configuration: a secret, a license, public keys. A trailing newline is forgiven.
 *
 * @param what what the file is, for the message
 * @param warn told when every user of the machine may change the file
 * @throws {FILE_ABSENT} no such file
 * @throws {FILE_REFUSED} a directory, FIFO or device; empty; more than 1 MiB
 * @throws {FILE_UNREADABLE} any other error of the file system; `cause` has it
 */
export function readTextFile(path: string, what: string, warn: (message: string) => void = () => {}): string {
  const { bytes, mode } = readRegularFile(path, what);
  if ((mode & 0o002) !== 0) {
    warn(`${what} ${path} is world-writable (mode ${mode.toString(8)}): run chmod o-w on it`);
  }
  return bytes.toString('utf8').replace(/\r?\n$/, '');
}

function closeAfterReading(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // What was read was read, and why it could not be is the error to report.
  }
}

function readAtMost(descriptor: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < maxBytes) {
    const chunk = Buffer.allocUnsafe(Math.min(65_536, maxBytes - total));
    const read = readSync(descriptor, chunk, 0, chunk.length, null);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    total += read;
  }
  return Buffer.concat(chunks);
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return 'a regular file';
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

function asFileError(error: unknown, path: string, what: string): LicenseError {
  if (error instanceof LicenseError) return error;
  const code = errorCodeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new LicenseError('FILE_ABSENT', `${what} ${path}: no such file`, { cause: error });
  }
  // Opening a socket fails before it can be looked at.
  if (code === 'ENXIO')
    return new LicenseError('FILE_REFUSED', `${what} ${path}: expected a regular file, found a socket`);
  return new LicenseError('FILE_UNREADABLE', `${what} ${path}: cannot be read (${code})`, { cause: error });
}
