// What is done to good documents to make bad ones of them.
import { decode, encode } from './compact.mjs';

/** The text with part `index` put through `change`. */
export function changePart(text, index, change) {
  const parts = text.split('.');
  parts[index] = change(parts[index]);
  return parts.join('.');
}

/** The part with its bytes put through `change`. */
export const changeBytes = (change) => (part) => encode(change(decode(part)));

/** Another spelling of the same bytes: the bits that the last character does not need are set. */
export function withSpareBits(part) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  if (part.length % 4 === 0) throw new Error('expected a part with spare bits');
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1)) + 1];
}

/** Makes something again and again until it fits: signatures are different each time. */
export function until(fits, make) {
  for (;;) {
    const made = make();
    if (fits(made)) return made;
  }
}

/** The bytes with one bit turned. */
export function flipBit(bytes, bit = 0) {
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3] ^= 1 << (bit & 7);
  return flipped;
}

/** The part with the padding that base64url leaves out. */
export const withPadding = (part) => part.padEnd(Math.ceil(part.length / 4) * 4, '=');

/** The part in the alphabet of plain base64. */
export const inPlainAlphabet = (part) => part.replaceAll('-', '+').replaceAll('_', '/');

/** Is the part another one in the alphabet of plain base64? */
export const hasDashes = (part) => part.includes('-') && part.includes('_');

/** JSON may end in blanks: with the right number of them, the last character in base64url has two bits to spare. */
export function jsonWithSpareBits(value) {
  const text = JSON.stringify(value);
  return text.padEnd(text.length + ((5 - (text.length % 3)) % 3));
}
