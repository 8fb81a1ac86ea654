// Compact JWS and JWE with any header, payload and signature: what a vendor, a server and a forger can make.
// Only node:crypto, nothing of the library: the vectors must not inherit its mistakes.
import { constants, createCipheriv, createHmac, randomBytes, sign } from 'node:crypto';

const asText = (content) =>
  typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);

/** Base64url of bytes, of text, or of the JSON of anything else. */
export const encode = (content) => Buffer.from(asText(content)).toString('base64url');

/** The bytes of one part. */
export const decode = (part) => Buffer.from(part, 'base64url');

/** PS256, or its like with another salt or hash. */
export const pss =
  (saltLength = 32, hash = 'sha256') =>
  (privateKey, bytes) =>
    sign(hash, bytes, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

/** RS256, or its like with another hash. */
export const pkcs1 =
  (hash = 'sha256') =>
  (privateKey, bytes) =>
    sign(hash, bytes, { key: privateKey, padding: constants.RSA_PKCS1_PADDING });

/** HS256 with any bytes as the secret. */
export const hmac = (secret) => (_privateKey, bytes) => createHmac('sha256', secret).update(bytes).digest();

/**
 * A compact JWS.
 *
 * @param header an object, or the very text
 * @param payload likewise
 * @param signer (privateKey, bytes) => signature
 */
export function jws(header, payload, privateKey, signer = pss()) {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${encode(signer(privateKey, Buffer.from(signed)))}`;
}

/**
 * A compact JWE with `dir`, sealed with whatever cipher and sizes are asked for.
 *
 * @param header an object, or the very text; it is authenticated as it stands
 * @param plaintext an object, or the very text
 */
export function jwe(header, plaintext, secret, { ivBytes = 12, cipher = 'aes-256-gcm' } = {}) {
  const iv = randomBytes(ivBytes);
  const encodedHeader = encode(header);
  const sealing = createCipheriv(cipher, secret, iv, { authTagLength: 16 });
  sealing.setAAD(Buffer.from(encodedHeader));
  const body = Buffer.concat([sealing.update(asText(plaintext)), sealing.final()]);
  return [encodedHeader, '', encode(iv), encode(body), encode(sealing.getAuthTag())].join('.');
}
