import { LicenseError } from '../core/errors.js';
import { readTextFile } from './read-file.js';

/** Environment variables, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of variable `name`, or the content of the file that `name_FILE` names (Docker and Kubernetes
 * secrets). Empty counts as not set.
 *
 * @param warn told about files that every user of the machine may change
 * @throws {CONFIGURATION_INVALID} when both are set
 * @throws {FILE_ABSENT | FILE_REFUSED | FILE_UNREADABLE} when the file cannot be used
 */
export function readVariable(
  env: Environment,
  name: string,
  warn?: (message: string) => void,
): string | undefined {
  const value = env[name];
  const path = env[`${name}_FILE`];
  if (!path) return value === '' ? undefined : value;
  if (value) {
    throw new LicenseError(
      'CONFIGURATION_INVALID',
      `expected ${name} or ${name}_FILE, found both: set one of them`,
    );
  }
  return readTextFile(path, `${name}_FILE`, warn);
}
