import { constants, createDecipheriv, verify } from 'node:crypto';

/** PS256, as licenses are signed. */
export const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

/**
 * What has to be done with a sealed license in any case, and not one check of what comes in: split, decode, decrypt,
 * verify, JSON.parse.
 *
 * @returns the claims
 */
export function bareOpenAndVerify({ ring, trustedKeys }, sealed) {
  const [header, , iv, body, tag] = sealed.split('.');
  const decipher = createDecipheriv('aes-256-gcm', ring.first.key, Buffer.from(iv, 'base64url'), {
    authTagLength: 16,
  })
    .setAAD(Buffer.from(header, 'ascii'))
    .setAuthTag(Buffer.from(tag, 'base64url'));
  const plaintext = decipher.update(Buffer.from(body, 'base64url'));
  decipher.final();
  const { license } = JSON.parse(plaintext.toString());
  const [head, payload, signature] = license.split('.');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const { key } = trustedKeys.find(kid);
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${payload}`),
    { key, ...pss },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new Error('expected a license that is signed');
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}
