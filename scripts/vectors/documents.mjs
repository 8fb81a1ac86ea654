// The vendor's two statements as most cases use them; each case changes what it is about.
import { jws, pkcs1, pss } from './compact.mjs';

/** 2027-01-01T00:00:00Z, in seconds: the present of all vectors. */
export const today = 1_798_761_600;
export const hour = 3600;
export const day = 24 * hour;
export const year = 365 * day;

/** Claims of a license. @param changes claims to replace; `undefined` removes one */
export const aLicense = (changes = {}) => ({
  v: 1,
  iss: 'vendor',
  sub: 'acme',
  aud: 'agent-os',
  jti: 'license-1',
  serial: 1,
  iat: today,
  exp: today + year,
  edition: 'enterprise',
  features: {},
  limits: {},
  ...changes,
});

/** Claims of a revocation list. */
export const aRevocationList = (changes = {}) => ({
  v: 1,
  iss: 'vendor',
  iat: today,
  serial: 1,
  revoked: ['license-1'],
  ...changes,
});

/** The header of a license under a key. @param changes members to replace or add; `undefined` removes one */
export const licenseHeader = ({ kid, jwk }, changes = {}) => ({
  alg: jwk.alg ?? 'PS256',
  kid,
  typ: 'license+jwt',
  ...changes,
});

/** The header of a revocation list under a key. */
export const revocationHeader = (key, changes = {}) =>
  licenseHeader(key, { typ: 'license-revocation+jwt', ...changes });

/** A license, or whatever the header says it is, signed under a key as that key signs. */
export const signed = (key, payload, { header = licenseHeader(key), signer = signerOf(key) } = {}) =>
  jws(header, payload, key.privateKey, signer);

const signerOf = ({ jwk }) => (jwk.alg === 'RS256' ? pkcs1() : pss());

/** The text of an object with more text in front of its first member. */
export const withMember = (object, member) => JSON.stringify(object).replace('{', `{${member},`);
