// What is inside a seal. Somebody with the encryption key sealed it, as an insider could.
import { withMember } from './documents.mjs';
import { sealed, sealedDocuments } from './sealed-documents.mjs';

const jws = 'eyJhIjowfQ.eyJiIjowfQ.AAEC'; // statements are not verified here

const members = {
  SealedLicense: {
    valid: [
      ['a license', { license: jws }],
      ['a license and a revocation list', { license: jws, revocation: jws }],
      ['a revocation list without a license', { revocation: jws }],
      ['the name of a server outside ASCII', { server: 'Größe 東京 😀' }],
      ['sealed in the last second', { iat: 253_402_300_799 }],
    ],
    wrong: {
      iat: ['1798761600', -1, 253_402_300_800],
      server: [1, null],
      license: [1, undefined],
      revocation: [null],
      timeFloor: [1],
      next: [jws],
    },
  },
  KeyFile: {
    valid: [
      ['nothing but a time floor', {}],
      ['a license', { license: jws }],
      ['a license, the next one and a revocation list', { license: jws, next: jws, revocation: jws }],
    ],
    wrong: {
      timeFloor: ['1798761600', -1, 1.5],
      license: [1, undefined],
      next: [null],
      revocation: [null],
      iat: [1],
      server: ['server-1'],
    },
  },
};

export function addSealedContents(file, { first, testOnlyEncryptionKeys }) {
  for (const [type, { valid, wrong }] of Object.entries(members)) {
    const group = file.group({ type, comment: 'what is inside', testOnlyEncryptionKeys });
    const { content } = sealedDocuments[type];
    for (const [comment, changes] of valid) {
      const inside = content(changes);
      group.valid(comment, ['Content'], { sealed: sealed(type, first, inside), content: inside });
    }
    const refused = (comment, flags, text, code = 'MALFORMED') =>
      group.invalid(comment, [...flags, 'ProtocolRule'], code, { sealed: sealed(type, first, text) });
    for (const [name, values] of Object.entries(wrong)) {
      for (const value of values) {
        const comment = value === undefined ? `without ${name}` : `${name} is ${JSON.stringify(value)}`;
        refused(comment, ['Content'], content({ [name]: value }));
      }
    }
    addVersions(refused, content);
    addJson(refused, content);
  }
}

function addVersions(refused, content) {
  refused('version 2', ['Version'], content({ v: 2 }), 'VERSION_UNSUPPORTED');
  refused('version "1"', ['Version'], content({ v: '1' }));
  refused('without a version', ['Version'], content({ v: undefined }));
}

function addJson(refused, content) {
  const text = JSON.stringify(content());
  for (const [comment, flags, bad] of [
    ['a member nobody knows', ['Content'], withMember(content(), '"edition":"flagship"')],
    ['__proto__', ['Content', 'Prototype'], withMember(content(), '"__proto__":{}')],
    ['license twice', ['DuplicateName'], withMember(content(), `"license":"${jws}"`)],
    ['a byte-order mark', ['Unicode'], `\uFEFF${text}`],
    ['a byte that is not UTF-8', ['Unicode'], Buffer.from(text.replace('}', ',"\xff":1}'), 'latin1')],
    ['a list', ['Json'], `[${text}]`],
    ['nothing', ['Json'], ''],
    ['an integer beyond 2^53', ['NumberRange'], text.replace('1798761600', '9007199254740993')],
    ['nine levels', ['Depth'], text.replace('null', '[[[[[[[[]]]]]]]]')],
  ]) {
    refused(comment, flags, bad);
  }
}
