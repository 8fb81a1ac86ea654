// The signature: almost the right encoding, arithmetic on a good one, and parts of several good licenses.
import { changeBytes, changePart, flipBit, until } from './changes.mjs';
import { encode, pkcs1, pss } from './compact.mjs';
import { aLicense, licenseHeader, signed } from './documents.mjs';
import { almostPkcs1, modulusOf, pssByHand, toBytes, toInteger } from './rsa-encodings.mjs';

const claims = aLicense();
const modulusBytes = 256;
const refused = 'SIGNATURE_INVALID';

export function addSignatures(file, vendors) {
  const { trustedKeys, present, rs256, unnamed } = vendors;
  const group = file.group({ type: 'SignedLicense', comment: 'the signature', trustedKeys });
  addPss(group, present);
  addPkcs1(group, rs256);
  addValues(group, present);
  addMixtures(group, present, unnamed);
}

function addPss(group, key) {
  const made = (signer) => ({ jws: signed(key, claims, { signer }) });
  group.valid('PS256 made by hand', ['PssEncoding'], { ...made(pssByHand()), claims });
  for (const saltLength of [0, 20, 31, 33, 64, 222]) {
    group.invalid(`a salt of ${saltLength} bytes`, ['PssEncoding'], refused, made(pss(saltLength)));
  }
  for (const [comment, changes] of [
    ['a mask made with SHA-1', { maskHash: 'sha1' }],
    ['another trailer', { trailer: 0xcc }],
    ['no separator before the salt', { separator: 0x00 }],
    ['padding that is not zero', { padding: 0x01 }],
  ]) {
    group.invalid(comment, ['PssEncoding'], refused, made(pssByHand(changes)));
  }
  for (const [hash, saltLength] of [
    ['sha1', 20],
    ['sha512', 32],
  ]) {
    group.invalid(`made with ${hash}`, ['PssEncoding'], refused, made(pss(saltLength, hash)));
  }
}

function addPkcs1(group, key) {
  const made = (signer) => ({ jws: signed(key, claims, { signer }) });
  for (const [comment, signer] of Object.entries(almostPkcs1)) {
    group.invalid(`RS256 with ${comment}`, ['Pkcs1Encoding'], refused, made(signer));
  }
  group.invalid('RS256 made with sha1', ['Pkcs1Encoding'], refused, made(pkcs1('sha1')));
}

function addValues(group, key) {
  const good = signed(key, claims);
  const changed = (comment, change, from = good) =>
    group.invalid(comment, ['SignatureValue'], refused, { jws: changePart(from, 2, changeBytes(change)) });
  changed('a byte less', (bytes) => bytes.subarray(0, -1));
  changed('a zero behind it', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]));
  changed('a zero before it', (bytes) => Buffer.concat([Buffer.alloc(1), bytes]));
  changed('zero', () => Buffer.alloc(modulusBytes));

  const n = modulusOf(key.privateKey);
  const arithmetic = (comment, change, from = good) =>
    changed(comment, (bytes) => toBytes(change(toInteger(bytes)), modulusBytes), from);
  arithmetic('the modulus less a good one', (s) => n - s);
  // Congruent to a good one: RFC 8017 5.2.2 demands the one below the modulus.
  const small = until(
    (text) => valueOf(text) + n < 1n << 2048n,
    () => signed(key, claims),
  );
  arithmetic('a good one plus the modulus', (s) => s + n, small);

  const leadingZero = until(
    (text) => valueOf(text) < 1n << 2040n,
    () => signed(key, claims),
  );
  group.valid('a good one that begins with a zero', ['SignatureValue'], { jws: leadingZero, claims });
  // The same integer, and OpenSSL takes it for PSS; RFC 8017 8.1.2 demands the full length.
  group.invalid('the same without its zero', ['SignatureValue', 'StrictForm'], refused, {
    jws: changePart(
      leadingZero,
      2,
      changeBytes((bytes) => bytes.subarray(1)),
    ),
  });

  for (const [index, part] of ['header', 'payload', 'signature'].entries()) {
    // Any bit of base64url could make two spellings of one text; a bit of what it stands for cannot.
    const bit = index === 0 ? 8 * (JSON.stringify(licenseHeader(key)).indexOf('license+') + 1) : 8 * 20;
    const code = index === 0 ? 'TYPE_REFUSED' : refused;
    group.invalid(`a bit of the ${part}`, ['BitFlip'], code, {
      jws: changePart(
        good,
        index,
        changeBytes((bytes) => flipBit(bytes, bit)),
      ),
    });
  }
}

const valueOf = (text) => toInteger(Buffer.from(text.split('.')[2], 'base64url'));

function addMixtures(group, key, otherKey) {
  const [header, payload, signature] = signed(key, claims).split('.');
  const [, betterPayload, betterSignature] = signed(key, aLicense({ serial: 2, edition: 'flagship' })).split(
    '.',
  );
  const [otherHeader] = signed(otherKey, claims).split('.');
  const mixed = (comment, ...parts) =>
    group.invalid(comment, ['MixAndMatch'], refused, { jws: parts.join('.') });
  mixed('the payload of another license', header, betterPayload, signature);
  mixed('the signature of another license', header, payload, betterSignature);
  mixed('the header of another key', otherHeader, payload, signature);
  const { typ, kid, alg } = licenseHeader(key);
  mixed('the members of the header in another order', encode({ typ, kid, alg }), payload, signature);
  mixed('white space behind the claims', header, encode(`${JSON.stringify(claims)} `), signature);
  group.invalid('header and payload in the other order', ['MixAndMatch'], 'HEADER_REFUSED', {
    jws: `${payload}.${header}.${signature}`,
  });
}
