import type { KeyFileContent } from '../protocol/sealed-license.js';
import type { TrustedState } from '../trust/trusted-state.js';

/** What of the things trusted is kept in the key file, as of now. */
export function contentOf({ current, next, revocation, floor }: TrustedState): KeyFileContent {
  return {
    license: current?.signed.jws ?? null,
    timeFloorMs: floor.valueMs,
    ...(next === null ? {} : { next: next.jws }),
    ...(revocation === null ? {} : { revocation: revocation.jws }),
  };
}

/**
 * Another text when the key file has to be written anew. The time floor is not in it: it changes all the time.
 *
 * @param kid of the encryption key that the file is sealed with
 */
export function fingerprintOf({ license, next, revocation }: KeyFileContent, kid: string): string {
  return JSON.stringify([kid, license, next, revocation]);
}
