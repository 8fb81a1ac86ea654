import type { LicenseClaims } from '../protocol/claims.js';
import type { TestIssuer } from './test-issuer.js';

const dayS = 24 * 60 * 60;

/** How a deployment stands when its app starts: what is in its key file, and what its license-servers serve. */
export interface LicenseStart {
  /** The license (compact JWS), or null for none. */
  readonly license: string | null;
  /** The revocation list (compact JWS) that goes with it. */
  readonly revocation?: string;
  /** The license-servers are there and say nothing. */
  readonly silent?: true;
}

/** Makes a {@link LicenseStart} with the vendor of the deployment, at `nowS` seconds since 1970. */
export type LicenseStarter = (issuer: TestIssuer, nowS: number) => LicenseStart;

type Claims = Partial<LicenseClaims>;

/** A license of a year, issued now. */
export const licensed =
  (changes: Claims): LicenseStarter =>
  (issuer) => ({ license: issuer.issue(changes) });

/** A license that ended yesterday, and has 13 days of its grace period left. */
export const grace =
  (changes: Claims): LicenseStarter =>
  (issuer, nowS) => ({
    license: issuer.issue({
      iat: nowS - 366 * dayS,
      license_expires: nowS - dayS,
      exp: nowS + 13 * dayS,
      ...changes,
    }),
  });

/** A license that ended yesterday. */
export const expired =
  (changes: Claims): LicenseStarter =>
  (issuer, nowS) => ({
    license: issuer.issue({ iat: nowS - 366 * dayS, exp: nowS - dayS, ...changes }),
  });

/** A license that its vendor took back. */
export const revoked =
  (changes: Claims): LicenseStarter =>
  (issuer) => {
    const claims = { jti: 'revoked-license', ...changes };
    return { license: issuer.issue(claims), revocation: issuer.revoke(claims.jti) };
  };

/** No license anywhere. */
export const community: LicenseStarter = () => ({ license: null });

/** No license yet, and no word of the license-servers: the wait for the first answer. */
export const pending: LicenseStarter = () => ({ license: null, silent: true });
