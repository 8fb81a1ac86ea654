/**
 * `@latchkey/license/issuing`: for vendors. The only place that knows private keys; never load it in a service.
 *
 * @module
 */
export {
  exportSigningKey,
  generateEncryptionKey,
  generateSigningKey,
  publicJwk,
  readSigningKey,
  type PublicJwk,
  type SigningKey,
} from './issuing/keys.js';
export { signLicense, signRevocation } from './issuing/sign.js';
export type { LicenseClaims, RevocationClaims } from './protocol/claims.js';
