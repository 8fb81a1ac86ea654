// Changes to a compact JWS or JWE that know its structure: parts that change their content, their spelling, their
// length and their number, and parts of one document put into another.
import fc from 'fast-check';

import { changeJson } from './change-json.mjs';

/** One change: what kind, where, with what. Every number is meant modulo the length of the list it points into. */
const step = fc.noBias(fc.tuple(fc.nat(99), fc.nat(9_999), fc.nat(9_999)));

/** A few changes one after the other; none at all in some cases, which then have to be accepted. */
export const steps = fc.array(step, { maxLength: 3 });

const pick = (list, index) => list[index % list.length];
const decode = (part) => Buffer.from(part, 'base64url');
const encode = (content) => Buffer.from(content).toString('base64url');

/** Other spellings of one part that a forgiving decoder reads as the same bytes, or nearly. */
const spellings = [
  (part) => `${part}=`,
  (part) => `${part}==`,
  (part) => `${part}\n`,
  (part) => ` ${part}`,
  (part) => part.replaceAll('-', '+').replaceAll('_', '/'),
  (part) => `${part.slice(0, -1)}${nextLetter(part.at(-1))}`, // spare bits
  (part) => part.toUpperCase(),
  (part) => `${part.slice(0, 9)}\r\n${part.slice(9)}`,
  (part) => `${part}%3D`,
  (part) => `${part}\u200B`,
  (part) => part.replace('A', 'Α'), // a Greek letter
  (part) => `\uFEFF${part}`,
  (part) => `${part}\ud800`,
  (part) => encode(part), // encoded twice
];

/** Other lengths of one part. */
const lengths = [
  () => '',
  (part) => part.slice(0, -1),
  (part) => part.slice(1),
  (part) => part.slice(0, Math.ceil(part.length / 2)),
  (part) => `${part}A`,
  (part) => `${part}AAAA`,
  (part) => `AAAA${part}`,
  (part) => part + part,
  (part) => encode(decode(part).subarray(1)), // of a signature that begins with zero this is the same number
  (part) => encode(Buffer.concat([Buffer.alloc(1), decode(part)])),
  (part) => part.padEnd(2_049, 'A'),
  (part) => part.padEnd(33_000, 'A'),
  (part) => part.padEnd(49_200, 'A'),
  (part) => part.padEnd(66_000, 'A'),
];

/** Other numbers and orders of parts. */
const shapes = [
  (parts) => parts.slice(1),
  (parts) => parts.slice(0, -1),
  (parts) => [...parts, ''],
  (parts) => ['', ...parts],
  (parts) => [...parts, parts[0]],
  (parts) => parts.toReversed(),
  (parts) => [parts.join('')],
  (parts) => parts.flatMap((part) => [part, '']),
  (parts) => [...parts.slice(0, -1), `${parts.at(-1)}.`],
  (parts) => Array.from({ length: 5_000 }, () => (parts[1] ?? '').slice(0, 8)),
];

/**
 * Changes a compact document step by step.
 *
 * @param {string} text
 * @param {readonly (readonly [number, number, number])[]} program
 * @param {readonly string[]} others documents whose parts may take the place of its own
 */
export function changeCompact(text, program, others) {
  return program.reduce(
    (changed, [kind, where, what]) => changeOnce(changed, kind, where, what, others),
    text,
  );
}

function changeOnce(text, kind, where, what, others) {
  const parts = text.split('.');
  const at = where % parts.length;
  const part = parts[at] ?? '';
  const put = (index, replacement) => parts.with(index, replacement).join('.');
  switch (kind % 10) {
    case 0:
    case 1: // the header
      return put(0, encode(changeJson(decode(parts[0]).toString(), kind, where, what, others)));
    case 2:
    case 3: // what is signed or sealed; random bytes in a sealed one
      return put(
        Math.min(1, parts.length - 1),
        encode(changeJson(decode(parts[1] ?? '').toString(), kind, where, what)),
      );
    case 4: {
      const other = pick(others, what).split('.');
      return put(at, other[at] ?? '');
    }
    case 5:
      return put(at, pick(spellings, what)(part));
    case 6:
      return put(at, pick(lengths, what)(part));
    case 7:
      return pick(shapes, what)(parts).join('.');
    case 8: {
      const bytes = decode(part);
      if (bytes.length > 0) bytes[where % bytes.length] ^= 1 << (what % 8);
      return put(at, encode(bytes));
    }
    default: // one character anywhere
      return (
        text.slice(0, where % text.length) +
        String.fromCodePoint(what) +
        text.slice((where % text.length) + 1)
      );
  }
}

/** The next letter of the alphabet of base64url. */
function nextLetter(letter = 'A') {
  return letter === '_' ? 'A' : String.fromCharCode(letter.charCodeAt(0) + 1);
}
