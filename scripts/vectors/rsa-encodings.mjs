// RSA signatures made by hand, right except in one place: what a verifier that takes a short cut would let pass.
import { constants, createHash, createPublicKey, privateEncrypt, randomBytes } from 'node:crypto';

const hashOf = (name, ...parts) => {
  const hash = createHash(name);
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const rawRsa = (privateKey, encoded) =>
  privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);

/** The modulus of a key. @returns {bigint} */
export function modulusOf(privateKey) {
  const { n } = createPublicKey(privateKey).export({ format: 'jwk' });
  return toInteger(Buffer.from(n, 'base64url'));
}

export const toInteger = (bytes) => BigInt(`0x${bytes.toString('hex')}`);

export const toBytes = (integer, length) =>
  Buffer.from(integer.toString(16).padStart(2 * length, '0'), 'hex');

/** MGF1 (RFC 8017 B.2.1). */
function mask(hash, seed, length) {
  let bytes = Buffer.alloc(0);
  for (let i = 0; bytes.length < length; i += 1) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(i);
    bytes = Buffer.concat([bytes, hashOf(hash, seed, counter)]);
  }
  return bytes.subarray(0, length);
}

/**
 * A signer that writes EMSA-PSS (RFC 8017 9.1.1) for a 2048-bit key.
 *
 * @param changes `maskHash`, `separator` and `trailer` differ from PS256; `padding` is the first byte of PS
 */
export const pssByHand =
  ({ maskHash = 'sha256', separator = 0x01, trailer = 0xbc, padding = 0x00 } = {}) =>
  (privateKey, message) => {
    const salt = randomBytes(32);
    const digest = hashOf('sha256', Buffer.alloc(8), hashOf('sha256', message), salt);
    const db = Buffer.alloc(256 - 32 - 1);
    db[1] = padding;
    db[db.length - 33] = separator;
    salt.copy(db, db.length - 32);
    const dbMask = mask(maskHash, digest, db.length);
    const masked = Buffer.from(db.map((byte, i) => byte ^ dbMask[i]));
    masked[0] &= 0x7f; // one bit less than the modulus
    return rawRsa(privateKey, Buffer.concat([masked, digest, Buffer.from([trailer])]));
  };

/** DER of "SHA-256, no parameters but NULL, 32 bytes follow" (RFC 8017 9.2). */
const sha256Info = '3031300d060960864801650304020105000420';
const withoutNull = '302f300b06096086480165030402010420';
const longLengths = '308131300d060960864801650304020105000420';

/**
 * A signer that writes EMSA-PKCS1-v1_5 (RFC 8017 9.2) for a 2048-bit key.
 *
 * @param layout what stands where: `info` is the DER in front of the digest, `behind` bytes after it, `type` the
 *   block type, `filler` how many bytes of padding (default: as many as fit, which is the only right number)
 */
const pkcs1ByHand =
  ({ info = sha256Info, behind = 0, type = 0x01, filler, byte = 0xff } = {}) =>
  (privateKey, message) => {
    const tail = Buffer.concat([Buffer.from(info, 'hex'), hashOf('sha256', message)]);
    const count = filler ?? 256 - 3 - tail.length - behind;
    const head = Buffer.concat([Buffer.from([0x00, type]), Buffer.alloc(count, byte), Buffer.from([0x00])]);
    return rawRsa(
      privateKey,
      Buffer.concat([head, tail, Buffer.alloc(256 - head.length - tail.length, 0xaa)]),
    );
  };

/** Signers that write almost that, by what is wrong. */
export const almostPkcs1 = {
  'no NULL after the name of the hash': pkcs1ByHand({ info: withoutNull }),
  'a length written in two bytes': pkcs1ByHand({ info: longLengths }),
  'the bare digest, without saying which hash': pkcs1ByHand({ info: '' }),
  'bytes behind the digest (Bleichenbacher 2006)': pkcs1ByHand({ behind: 16 }),
  'eight bytes of padding and the rest behind the digest': pkcs1ByHand({ filler: 8 }),
  'padding that is not all ff': pkcs1ByHand({ byte: 0xfe }),
};
