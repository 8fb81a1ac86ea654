import { LicenseError } from '@latchkey/license/protocol';
import { parseDocument } from 'yaml';

import { readInput } from './input-files.js';
import type { CliIo } from './io.js';

/** Claims as they stand in a file, or as they are being put together; not checked yet. */
export type RawClaims = Readonly<Record<string, unknown>>;

/**
 * Reads claims, by their names in the protocol, from JSON or YAML (of which JSON is a part).
 *
 * @throws {MALFORMED} for anything but one object, and for names that occur twice. The message quotes nothing of
 *   the file, which may be a key given by mistake
 */
export function readClaimsFile(path: string, io: CliIo): RawClaims {
  return readInput(path, 'claims file', io, parseClaims);
}

function parseClaims(text: string): RawClaims {
  const document = parseDocument(text, { stringKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line ?? '?';
    throw problem.code === 'DUPLICATE_KEY'
      ? malformed(`line ${line}: a name occurs twice in one object`)
      : malformed(`line ${line}: expected JSON or YAML, found something else (${problem.code})`);
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (cause) {
    // Aliases to nothing, and too many of them.
    throw new LicenseError('MALFORMED', 'claims: an alias in the YAML cannot be resolved', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('expected an object of claims, such as { "sub": "acme", "edition": "enterprise" }');
  }
  return { ...value };
}

function malformed(found: string): LicenseError {
  return new LicenseError('MALFORMED', `claims: ${found}`);
}
