// The text of a compact JWS: parts, base64url, size. Everything in it was signed by the vendor.
import {
  changePart,
  hasDashes,
  inPlainAlphabet,
  jsonWithSpareBits,
  until,
  withPadding,
  withSpareBits,
} from './changes.mjs';
import { encode } from './compact.mjs';
import { aLicense, licenseHeader, signed } from './documents.mjs';

const claims = aLicense();

export function addForms(file, vendors) {
  const { present, unnamed, trustedKeys } = vendors;
  const group = file.group({ type: 'SignedLicense', comment: 'the text of a compact JWS', trustedKeys });
  const good = signed(present, claims);
  group.valid('as vendors sign it', [], { jws: good, claims });
  group.valid('under a key without a name: its thumbprint is its key id; RSA 3072', ['KeyId'], {
    jws: signed(unnamed, claims),
    claims,
  });
  addParts(group, good, present);
  addSpellings(group, good, present);
}

function addParts(group, good, key) {
  const [header, payload, signature] = good.split('.');
  for (const [comment, text] of [
    ['nothing', ''],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${good}.${signature}`],
    ['five parts', `${header}..${signature}.${payload}.${signature}`],
    ['a dot behind it', `${good}.`],
    ['no header', `.${payload}.${signature}`],
  ]) {
    group.invalid(comment, ['Parts'], 'MALFORMED', { jws: text });
  }
  group.invalid('a detached payload (RFC 7515 appendix F)', ['Parts'], 'SIGNATURE_INVALID', {
    jws: `${header}..${signature}`,
  });
  group.invalid('no signature', ['Parts'], 'SIGNATURE_INVALID', { jws: `${header}.${payload}.` });
  group.invalid('no payload, and signed like that', ['Parts', 'ProtocolRule'], 'MALFORMED', {
    jws: signed(key, ''),
  });

  const one = { protected: header, signature };
  const forged = { protected: header, signature: encode(Buffer.alloc(256)) };
  const flags = ['JsonSerialization', 'StrictForm'];
  group.invalid('the flattened JSON form', flags, 'MALFORMED', { jws: JSON.stringify({ payload, ...one }) });
  group.invalid('the general JSON form, one of its two signatures good', flags, 'MALFORMED', {
    jws: JSON.stringify({ payload, signatures: [forged, one] }),
  });
}

function addSpellings(group, good, key) {
  const spelled = (comment, text) =>
    group.invalid(comment, ['Base64Url', 'StrictForm'], 'MALFORMED', { jws: text });

  const uneven = signed(key, jsonWithSpareBits(claims), {
    header: jsonWithSpareBits(licenseHeader(key)),
  });
  group.valid('spare bits in every part, all of them zero', ['Base64Url'], { jws: uneven, claims });
  for (const [index, part] of ['header', 'payload', 'signature'].entries()) {
    spelled(`padding behind the ${part}`, changePart(uneven, index, withPadding));
    spelled(`spare bits set in the ${part}`, changePart(uneven, index, withSpareBits));
  }
  spelled('a blank before it', ` ${good}`);
  spelled('a line break behind it', `${good}\n`);
  spelled('a byte-order mark before it', `\uFEFF${good}`);
  spelled('a tab inside the signature', changePart(good, 2, insert('\t')));
  spelled('a letter outside ASCII inside the signature', changePart(good, 2, insert('é')));
  spelled(
    'a letter whose low byte is right',
    changePart(good, 2, (text) => farLetter(text[0]) + text.slice(1)),
  );
  const dashed = until(
    (text) => hasDashes(text.split('.')[2]),
    () => signed(key, claims),
  );
  spelled('the plain alphabet of base64', changePart(dashed, 2, inPlainAlphabet));
}

const insert = (text) => (part) => part.slice(0, 8) + text + part.slice(8);
const farLetter = (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x100);
