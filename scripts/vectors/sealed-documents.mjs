// The two sealed documents as most cases use them, and encryption keys that are good for nothing else.
import { createHash, randomBytes } from 'node:crypto';

import { jwe } from './compact.mjs';
import { today } from './documents.mjs';

/** Of each type of group: `typ` of the header, and content to change. */
export const sealedDocuments = {
  SealedLicense: {
    typ: 'sealed-license+jwe',
    content: (changes = {}) => ({ v: 1, iat: today, server: 'server-1', license: null, ...changes }),
  },
  KeyFile: {
    typ: 'license-store+jwe',
    content: (changes = {}) => ({ v: 1, license: null, timeFloor: today, ...changes }),
  },
};

/** A fresh AES-256 key. @param kid default: its RFC 7638 thumbprint, and then its JWK has no name */
export function encryptionKey(kid) {
  const secret = randomBytes(32);
  const k = secret.toString('base64url');
  const thumbprint = createHash('sha256')
    .update(JSON.stringify({ k, kty: 'oct' }))
    .digest('base64url');
  const jwk = kid === undefined ? { kty: 'oct', k } : { kty: 'oct', kid, k };
  return { kid: kid ?? thumbprint, thumbprint, secret, jwk };
}

/** What readers of one file of vectors hold: two keys with names, one without. */
export function freshRing() {
  const ring = {
    first: encryptionKey('test-only-1'),
    second: encryptionKey('test-only-2'),
    unnamed: encryptionKey(),
  };
  const testOnlyEncryptionKeys = { keys: [ring.first.jwk, ring.second.jwk, ring.unnamed.jwk] };
  return { ...ring, testOnlyEncryptionKeys };
}

/** The header of a sealed document. @param changes members to replace or add; `undefined` removes one */
export const sealedHeader = (type, { kid }, changes = {}) => ({
  alg: 'dir',
  enc: 'A256GCM',
  kid,
  typ: sealedDocuments[type].typ,
  ...changes,
});

/**
 * A sealed document.
 *
 * @param content an object, or the very text
 * @param how another `header`, or what else `jwe` takes
 */
export const sealed = (type, key, content, { header = sealedHeader(type, key), ...how } = {}) =>
  jwe(header, content, key.secret, how);
