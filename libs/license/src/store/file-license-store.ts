import { constants, fchmodSync, lstatSync, statSync, type Stats } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { systemClock, type Clock } from '../core/clock.js';
import { LicenseError } from '../core/errors.js';
import { errorCodeOf } from './error-code.js';
import type { LicenseStore } from './license-store.js';
import { readRegularFile } from './read-file.js';
import { kindAt, removeTemporaryFiles, replaceFile } from './replace-file.js';

const maxKeyFileBytes = 64 * 1024;
const staleAfterMs = 10 * 60 * 1000;
/** Two changes in one tick of the file system's clock look like one, so a younger file is always read. */
const settledAfterMs = 2_000;
const onWindows = process.platform === 'win32';

/**
 * Keeps the key file on disk: mode 0600 in a directory of mode 0700, replaced by rename, synced to the disk.
 * A crash at any moment leaves the old file or the new one.
 */
export class FileLicenseStore implements LicenseStore {
  readonly #paths: readonly string[];
  /** The path in use: the first that exists, else the first that could be written. */
  #path: string | null = null;
  /** What was read last, and how the file looked then: an unchanged one is not read again (ADR 0012). */
  #read: { readonly path: string; readonly looks: string; readonly text: string } | null = null;
  readonly #warned = new Set<string>();

  /**
   * @param paths where to look, best first; at least one
   * @param warn told once about each thing an operator may want to put right
   */
  constructor(
    paths: readonly string[],
    private readonly warn: (message: string) => void,
    private readonly clock: Clock = systemClock,
  ) {
    this.#paths = paths;
    for (const path of paths) removeTemporaryFiles(path, clock.wallMs() - staleAfterMs);
  }

  get location(): string {
    return this.#path ?? this.#paths.join(' or ');
  }

  read(): string | null {
    for (const path of this.#path === null ? this.#paths : [this.#path]) {
      const text = this.#readPath(path);
      if (text !== null) return text;
    }
    return null;
  }

  async write(sealed: string): Promise<void> {
    let failure: unknown;
    for (const path of this.#path === null ? this.#paths : [this.#path]) {
      try {
        await replaceFile(path, sealed);
        this.#path = path;
        return;
      } catch (error) {
        failure ??= error;
      }
    }
    throw new LicenseError(
      'FILE_NOT_WRITTEN',
      `key file ${this.location}: cannot be written (${reasonOf(failure)}); the license stays in force until a restart: make the path writable for this service`,
      { cause: failure },
    );
  }

  async keepAside(): Promise<void> {
    if (this.#path === null) return;
    const aside = `${this.#path}.rejected`;
    try {
      if (kindAt(this.#path) !== 'file') return; // reading it might never end, and there is no text in it to lose
      await copyFile(this.#path, aside, constants.COPYFILE_EXCL);
      this.#warnOnce(`key file ${this.#path} could not be opened: a copy is kept as ${aside}`);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== 'EEXIST')
        this.#warnOnce(`key file ${this.#path}: no copy could be kept aside (${reason})`);
    }
  }

  #readPath(path: string): string | null {
    if (this.#read?.path === path && this.#read.looks === looksOf(path)) return this.#read.text;
    this.#read = null;
    try {
      let looks: string | null = null;
      const { bytes } = readRegularFile(path, 'key file', {
        maxBytes: maxKeyFileBytes,
        inspect: (descriptor, stats) => {
          if (stats.ctimeMs < this.clock.wallMs() - settledAfterMs) looks = describe(stats);
          this.#repair(path, descriptor, stats);
        },
      });
      this.#path = path;
      const text = bytes.toString('latin1');
      if (looks !== null) this.#read = { path, looks, text };
      return text;
    } catch (error) {
      if (error instanceof LicenseError && error.code === 'FILE_ABSENT') return null;
      if (this.#paths.length > 1 && !isReachable(path)) return null; // the home directory of another user
      this.#path = path; // something is there: whatever is written next belongs there
      throw error;
    }
  }

  // What is inside is sealed and signed, so a wrong mode or owner is put right or reported, never a lock-out.
  #repair(path: string, descriptor: number, stats: Stats): void {
    if (onWindows) return;
    if ((stats.mode & 0o077) !== 0) this.#repairMode(path, descriptor, stats);
    const self = process.geteuid?.();
    if (self !== undefined && stats.uid !== self) {
      this.#warnOnce(`key file ${path} belongs to user ${stats.uid}, this service runs as ${self}`);
    }
    if (isWritableForOthers(dirname(path))) {
      this.#warnOnce(
        `directory ${dirname(path)} of the key file is writable for other users: run chmod go-w on it`,
      );
    }
  }

  #repairMode(path: string, descriptor: number, { mode, dev, ino }: Stats): void {
    const found = `key file ${path} has mode ${(mode & 0o777).toString(8)}`;
    try {
      const there = lstatSync(path);
      // Attack: a link planted here would have a service that runs as root close /etc/passwd for everybody.
      if (there.dev !== dev || there.ino !== ino) {
        this.#warnOnce(`${found} and is reached through a link: run chmod 600 on the file itself`);
        return;
      }
      fchmodSync(descriptor, 0o600);
      this.#warnOnce(`${found}: set to 600`);
    } catch (error) {
      this.#warnOnce(`${found} and cannot be set to 600 (${reasonOf(error)})`);
    }
  }

  #warnOnce(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.warn(message);
  }
}

/** How the file at the path looks, without opening it; null when nobody can tell. */
function looksOf(path: string): string | null {
  try {
    return describe(statSync(path));
  } catch {
    return null; // reading it says why
  }
}

/** Another text as soon as the file is another one, was written, or has another mode or owner. */
function describe({ dev, ino, size, mode, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mode, mtimeMs, ctimeMs].join();
}

/** False when a directory on the way may not be entered, so that nobody can tell whether something is there. */
function isReachable(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    return reasonOf(error) !== 'EACCES';
  }
}

function isWritableForOthers(directory: string): boolean {
  try {
    return (statSync(directory).mode & 0o022) !== 0;
  } catch {
    return false; // nobody can tell, which is no reason to refuse a file that can be read
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof LicenseError) return error.message;
  return errorCodeOf(error);
}
