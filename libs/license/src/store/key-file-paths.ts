import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Name of the key file, and of the directory below the home directory it is kept in by default. */
const fileName = 'license.key';
export const defaultKeyDirectory = '.ai-agent-os';

/**
 * Where the key file is looked for, best first: the one path that was named, or else
 * `~/<directory>/license.key` and then `./license.key`.
 *
 * @param named `LICENSE_KEY_PATH` or the path set in code; looked for alone, so that a typing error there is seen
 * @param directory below the home directory, default `.ai-agent-os`
 */
export function keyFilePaths(named: string | null, directory = defaultKeyDirectory): readonly string[] {
  if (named !== null) return [resolve(named)];
  const home = homeDirectory();
  const local = resolve(fileName);
  return home === '' ? [local] : [join(home, directory, fileName), local];
}

function homeDirectory(): string {
  try {
    return homedir();
  } catch {
    return ''; // a container may run as a user whom no /etc/passwd knows
  }
}
