'use strict';

const { generateKeyPairSync } = require('node:crypto');

/**
 * The text of `vendor-keys.ts`. Its key is made here and its private half is forgotten: the app starts, and no
 * license verifies. A fixed placeholder would be a key that somebody may have the other half of.
 *
 * @returns {string}
 */
function placeholderKeys() {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 65537 });
  const { n = '' } = publicKey.export({ format: 'jwk' });
  return `// PLACEHOLDER: replace this key with your vendor's public keys, the content of vendor.public.jwks.json that
// "npx latchkey keygen --out keys" writes. Nobody has the private half of this one, so no license verifies with it.

/** Who signs with one of these keys is believed. They ship with the program and do not come from its environment. */
export const vendorKeys = {
  keys: [
    {
      kty: 'RSA',
      kid: 'placeholder',
      alg: 'PS256',
      use: 'sig',
      e: 'AQAB',
      n: '${n}',
    },
  ],
};
`;
}

module.exports = { placeholderKeys };
