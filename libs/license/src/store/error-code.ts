import { constants } from 'node:os';

/**
 * The name of what the file system said: `ENOSPC`, `EROFS`, ... Node has none for some of them, a full quota (`EDQUOT`)
 * among these, where the operating system has one.
 */
export function errorCodeOf(error: unknown): string {
  const { code, errno = 0 } = error as NodeJS.ErrnoException;
  if (code?.startsWith('Unknown system error') === true) {
    return Object.entries(constants.errno).find(([, number]) => number === -errno)?.[0] ?? code;
  }
  return code ?? 'unknown error';
}
