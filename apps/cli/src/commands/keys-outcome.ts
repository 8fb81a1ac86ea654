import type { CliIo } from '../io.js';
import type { KeyFile } from '../key-file.js';
import { keyRows } from '../key-view.js';
import { table, type Outcome } from '../outcome.js';
import { rewriteFile } from '../rewrite-file.js';

/** What happened to a ring of keys. */
export interface KeysChange {
  /** In words, for people. */
  readonly said: readonly string[];
  /** For programs. */
  readonly json?: Readonly<Record<string, unknown>>;
}

/** A ring of keys, after what happened to it. */
export function keysOutcome(path: string, file: KeyFile, { said, json }: KeysChange, io: CliIo): Outcome {
  const nowMs = io.clock.wallMs();
  return {
    ok: true,
    lines: [...said, ...file.keys.flatMap((key) => ['', ...table(keyRows(key, nowMs))])],
    json: { file: path, kind: file.kind, ...json, keys: file.keys },
  };
}

/**
 * Puts a changed ring in the place of the old one. Encryption keys that everybody could read are closed.
 *
 * @throws {FILE_NOT_WRITTEN} the old file is intact then
 */
export function replaceKeyFile(path: string, file: KeyFile, io: CliIo): void {
  if (file.kind === 'vendor') return rewriteFile(path, file.text);
  rewriteFile(path, file.text, (mode) => {
    if ((mode & 0o007) === 0) return mode;
    io.err(`latchkey: warning: ${path} was open to every user of this machine; it has mode 600 now\n`);
    return 0o600;
  });
}
