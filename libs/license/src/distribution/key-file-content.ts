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

/** What a key file is sealed with and holds, apart from the time floor, which changes all the time. */
export interface StoredContent extends Omit<KeyFileContent, 'timeFloorMs'> {
  /** Id of the encryption key. */
  readonly kid: string;
}

/** False when the key file has to be written anew. */
export function isSameContent(a: StoredContent, b: StoredContent): boolean {
  return a.kid === b.kid && a.license === b.license && a.next === b.next && a.revocation === b.revocation;
}
