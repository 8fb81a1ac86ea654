// The text of a compact JWE, its IV and tag, and which key opens it.
import {
  changeBytes,
  changePart,
  flipBit,
  hasDashes,
  inPlainAlphabet,
  jsonWithSpareBits,
  until,
  withPadding,
  withSpareBits,
} from './changes.mjs';
import { encode } from './compact.mjs';
import { encryptionKey, sealed, sealedDocuments, sealedHeader } from './sealed-documents.mjs';

const type = 'SealedLicense';
const content = sealedDocuments[type].content();

export function addSealedForms(file, ring) {
  const { testOnlyEncryptionKeys, first } = ring;
  const group = file.group({ type, comment: 'the text of a compact JWE', testOnlyEncryptionKeys });
  const good = sealed(type, first, content);
  group.valid('as servers seal it', [], { sealed: good, content });
  addParts(group, good);
  addSpellings(group, first);
  addSizes(group, good, first);
  addKeys(group, ring);
  addMixtures(group, good, ring);
}

function addParts(group, good) {
  const [header, , iv, body, tag] = good.split('.');
  for (const [comment, text] of [
    ['nothing', ''],
    ['four parts', `${header}.${iv}.${body}.${tag}`],
    ['six parts', `${good}.`],
    ['no header', `..${iv}.${body}.${tag}`],
    ['no IV', `${header}...${body}.${tag}`],
    ['no tag', `${header}..${iv}.${body}.`],
  ]) {
    group.invalid(comment, ['Parts'], 'MALFORMED', { sealed: text });
  }
  group.invalid('no body', ['Parts'], 'SEAL_NOT_OPENED', { sealed: `${header}..${iv}..${tag}` });
  group.invalid('a wrapped key', ['EncryptedKey'], 'MALFORMED', {
    sealed: `${header}.${encode(Buffer.alloc(40))}.${iv}.${body}.${tag}`,
  });
  group.invalid('the flattened JSON form', ['JsonSerialization', 'StrictForm'], 'MALFORMED', {
    sealed: JSON.stringify({ protected: header, iv, ciphertext: body, tag }),
  });
}

function addSpellings(group, key) {
  const spelled = (comment, text) =>
    group.invalid(comment, ['Base64Url', 'StrictForm'], 'MALFORMED', { sealed: text });
  const uneven = sealed(type, key, jsonWithSpareBits(content), {
    header: jsonWithSpareBits(sealedHeader(type, key)),
  });
  group.valid('spare bits in three parts, all of them zero', ['Base64Url'], { sealed: uneven, content });
  for (const [part, index] of Object.entries({ header: 0, body: 3, tag: 4 })) {
    spelled(`padding behind the ${part}`, changePart(uneven, index, withPadding));
    spelled(`spare bits set in the ${part}`, changePart(uneven, index, withSpareBits));
  }
  spelled('a blank before it', ` ${uneven}`);
  spelled('a line break behind it', `${uneven}\n`);
  spelled('a byte-order mark before it', `\uFEFF${uneven}`);
  const dashed = until(
    (text) => hasDashes(text.split('.')[3]),
    () => sealed(type, key, content),
  );
  spelled('the plain alphabet of base64', changePart(dashed, 3, inPlainAlphabet));
}

function addSizes(group, good, key) {
  for (const ivBytes of [8, 16]) {
    group.invalid(`sealed with an IV of ${8 * ivBytes} bits`, ['IvSize'], 'MALFORMED', {
      sealed: sealed(type, key, content, { ivBytes }),
    });
  }
  for (const tagBytes of [4, 12, 15]) {
    group.invalid(`the first ${8 * tagBytes} bits of the tag`, ['TagSize'], 'MALFORMED', {
      sealed: changePart(
        good,
        4,
        changeBytes((tag) => tag.subarray(0, tagBytes)),
      ),
    });
  }
  const longer = changeBytes((tag) => Buffer.concat([tag, Buffer.alloc(1)]));
  group.invalid('a byte behind the tag', ['TagSize'], 'MALFORMED', { sealed: changePart(good, 4, longer) });
}

function addKeys(group, { first, second, unnamed }) {
  const opens = (comment, key) =>
    group.valid(comment, ['KeyId'], { sealed: sealed(type, key, content), content });
  opens('under the second key', second);
  opens('under a key with a name, called by its thumbprint', { ...first, kid: first.thumbprint });
  opens('under a key without a name, called by its thumbprint', unnamed);

  const refused = (comment, code, key) =>
    group.invalid(comment, ['KeyId', 'Forgery'], code, { sealed: sealed(type, key, content) });
  refused('under a key of nobody', 'KEY_UNKNOWN', encryptionKey('test-only-3'));
  refused('under a key of nobody, with a kid of the ring', 'SEAL_NOT_OPENED', encryptionKey(first.kid));
  refused('under one key of the ring, with the kid of the other', 'SEAL_NOT_OPENED', {
    ...second,
    kid: first.kid,
  });
}

function addMixtures(group, good, { first }) {
  const refused = (comment, flag, text) =>
    group.invalid(comment, [flag], 'SEAL_NOT_OPENED', { sealed: text });
  const other = sealed(type, first, content).split('.');
  for (const [part, index] of Object.entries({ IV: 2, body: 3, tag: 4 })) {
    const flipped = changeBytes((bytes) => flipBit(bytes));
    refused(`a bit of the ${part}`, 'BitFlip', changePart(good, index, flipped));
    const exchanged = changePart(good, index, () => other[index]);
    refused(`the ${part} of another envelope`, 'MixAndMatch', exchanged);
  }
  const header = (changes) => () => encode(sealedHeader(type, first, changes));
  refused(
    'the kid changed to the thumbprint of the same key',
    'MixAndMatch',
    changePart(good, 0, header({ kid: first.thumbprint })),
  );
  const { typ, kid, enc, alg } = sealedHeader(type, first);
  const reordered = changePart(good, 0, () => encode({ typ, kid, enc, alg }));
  refused('the members of the header in another order', 'MixAndMatch', reordered);
  const keyFile = sealed('KeyFile', first, sealedDocuments.KeyFile.content());
  refused(
    'the header of an envelope, the rest of a key file',
    'MixAndMatch',
    changePart(keyFile, 0, header()),
  );
}
