import * as fc from 'fast-check';

import { generateEncryptionKey } from '../issuing/keys.js';
import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { decodePart, encodePart } from './compact.js';
import { parseEncryptionKeys, type EncryptionKeyRing } from './encryption-keys.js';
import { seal } from './sealed-document.js';
import { openKeyFile, openSealedLicense, sealKeyFile, sealLicense } from './sealed-license.js';

const keyText = generateEncryptionKey('ring-1');
const ring = parseEncryptionKeys(keyText);
const license = 'eyJh.eyJi.c2ln';

const envelopeContent = { v: 1, iat: 1_800_000_000, server: 'ls-1', license };
const keyFileContent = { v: 1, license, timeFloor: 1_800_000_000 };

/** Both documents: what is inside, how to seal any text as one, and how to open one. */
const documents = [
  {
    name: 'a sealed license',
    typ: 'sealed-license+jwe',
    maxBytes: 48 * 1024,
    content: envelopeContent as Record<string, unknown>,
    sealed: () => sealLicense({ sealedAtMs: 1_800_000_000_000, server: 'ls-1', license }, ring),
    open: (text: string, keys: EncryptionKeyRing = ring) => codeOf(() => openSealedLicense(text, keys)),
  },
  {
    name: 'a key file',
    typ: 'license-store+jwe',
    maxBytes: 64 * 1024,
    content: keyFileContent as Record<string, unknown>,
    sealed: () => sealKeyFile({ license, timeFloorMs: 1_800_000_000_000 }, ring),
    open: (text: string, keys: EncryptionKeyRing = ring) => codeOf(() => openKeyFile(text, keys)),
  },
];

describe.each(documents)('$name', ({ typ, maxBytes, content, sealed, open }) => {
  const what = { typ, maxBytes: 2 * maxBytes, what: 'test' };
  const sealText = (text: string) => seal(text, ring, what);
  const openContent = (inner: unknown) => open(sealText(JSON.stringify(inner)));

  it('has a header of exactly four members, a fresh IV and a full tag', () => {
    const [header = '', wrappedKey, iv = '', , tag = ''] = sealed().split('.');
    expect(JSON.parse(decodePart(header, 'header').toString())).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: 'ring-1',
      typ,
    });
    expect(wrappedKey).toBe('');
    expect([decodePart(iv, 'iv').length, decodePart(tag, 'tag').length]).toEqual([12, 16]);
    expect(new Set(Array.from({ length: 100 }, () => sealed().split('.')[2])).size).toBe(100);
  });

  it('is refused with any single bit flipped', () => {
    const text = sealed();
    const bytes = Buffer.from(text, 'latin1');
    const accepted: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      if (open(flipped.toString('latin1')) === undefined) accepted.push(bit);
    }
    expect(accepted).toEqual([]);
    expect(open(text)).toBeUndefined();
  });

  it('is refused with a tag or an IV cut short', () => {
    const [header, , iv = '', body, tag = ''] = sealed().split('.');
    for (const length of [0, 4, 8, 12, 15]) {
      const cut = encodePart(decodePart(tag, 'tag').subarray(0, length));
      expect(open(`${header}..${iv}.${body}.${cut}`)).toBe('MALFORMED');
    }
    for (const length of [0, 8, 11]) {
      const cut = encodePart(decodePart(iv, 'iv').subarray(0, length));
      expect(open(`${header}..${cut}.${body}.${tag}`)).toBe('MALFORMED');
    }
    expect(open(`${header}.AAEC.${iv}.${body}.${tag}`)).toBe('MALFORMED');
  });

  it('does not open with another key of the same id, nor with a part of another one', () => {
    const other = parseEncryptionKeys(generateEncryptionKey('ring-1'));
    expect(open(sealed(), other)).toBe('SEAL_NOT_OPENED');
    const [header, , iv, body] = sealed().split('.');
    expect(open(`${header}..${iv}.${body}.${sealed().split('.')[4]}`)).toBe('SEAL_NOT_OPENED');
  });

  it('is refused under a key id that is not in the ring', () => {
    for (const kid of ['ring-2', '__proto__', 'constructor']) {
      expect(open(sealed(), parseEncryptionKeys(generateEncryptionKey('other')))).toBe('KEY_UNKNOWN');
      const [, , ...rest] = sealed().split('.');
      const header = encodePart(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid, typ }));
      expect(open([header, '', ...rest].join('.'))).toBe('KEY_UNKNOWN');
    }
  });

  it('opens with any key of the ring, by its id or by its thumbprint', () => {
    const second = parseEncryptionKeys(`${generateEncryptionKey('newer')},${keyText}`);
    expect(open(sealed(), second)).toBeUndefined();
    const bare = parseEncryptionKeys(keyText.slice('ring-1:'.length));
    expect(open(seal(JSON.stringify(content), bare, what))).toBeUndefined();
  });

  it('is not taken for the other document, nor for a signed one', () => {
    const otherOnes = documents
      .filter((document) => document.typ !== typ)
      .map((document) => document.sealed());
    expect(otherOnes.map((text) => open(text))).toEqual(['TYPE_REFUSED']);
    expect(open(license)).toBe('MALFORMED');
  });

  it('is refused when it is larger than allowed, before it is opened', () => {
    const padded = JSON.stringify(content).padEnd(maxBytes);
    expect(open(sealText(padded))).toBe('TOO_LARGE');
  });

  it('is refused with a member missing, added or of another kind', () => {
    expect(openContent(content)).toBeUndefined();
    for (const name of Object.keys(content)) {
      const rest = Object.fromEntries(Object.entries(content).filter(([member]) => member !== name));
      expect([name, openContent(rest)]).toEqual([name, 'MALFORMED']);
      for (const value of ['1', -1, 1.5, 253_402_300_800, true, [], {}]) {
        if (typeof value === typeof content[name] && typeof value === 'string') continue;
        const code = openContent({ ...content, [name]: value });
        expect(['MALFORMED', 'VERSION_UNSUPPORTED']).toContain(code);
      }
    }
    for (const name of ['edition', '__proto__', 'constructor', 'License', '']) {
      expect(open(sealText(JSON.stringify(content).replace('{', `{"${name}":1,`)))).toBe('MALFORMED');
    }
    expect(openContent({ ...content, revocation: null })).toBe('MALFORMED');
    expect(openContent({ ...content, next: 5 })).toBe('MALFORMED');
  });

  it('of a later version says so, whatever else is in it', () => {
    expect(openContent({ ...content, v: 2, something: 'new' })).toBe('VERSION_UNSUPPORTED');
  });

  it('is read by the strict reader', () => {
    for (const text of [
      `\uFEFF${JSON.stringify(content)}`,
      JSON.stringify(content).replace('{', '{"v":1,'),
      '[]',
      '',
    ]) {
      expect(open(sealText(text))).toBe('MALFORMED');
    }
  });

  it('throws nothing but refusals, whatever the text', () => {
    const [header] = sealed().split('.');
    const part = fc.oneof(
      fc.constant(header),
      fc.constant(''),
      fc.base64String().map((text) => encodePart(text)),
    );
    fc.assert(fc.property(fc.string(), (text) => open(text) !== undefined));
    fc.assert(fc.property(fc.array(part, { maxLength: 6 }), (parts) => open(parts.join('.')) !== undefined));
  });
});

describe('what is sealed comes back', () => {
  it('as an envelope, to the second, byte for byte', () => {
    const envelope = { sealedAtMs: 1_800_000_000_999, server: 'ls-1', license, revocation: 'x.y.z' };
    const opened = openSealedLicense(sealLicense(envelope, ring), ring);
    expect(opened).toEqual({ ...envelope, sealedAtMs: 1_800_000_000_000 });
    const none = openSealedLicense(sealLicense({ sealedAtMs: 0, server: '', license: null }, ring), ring);
    expect(none).toEqual({ sealedAtMs: 0, server: '', license: null });
  });

  it('as a key file, to the second, byte for byte, with the id of the key that sealed it', () => {
    const full = { license, next: 'n.n.n', revocation: 'r.r.r', timeFloorMs: 1_800_000_000_999 };
    const content = { ...full, timeFloorMs: 1_800_000_000_000 };
    expect(openKeyFile(sealKeyFile(full, ring), ring)).toEqual({ kid: 'ring-1', content });
    const none = { license: null, timeFloorMs: 0 };
    expect(openKeyFile(sealKeyFile(none, ring), ring).content).toEqual(none);
  });

  it('or is refused at once when it will not fit', () => {
    const large = 'x'.repeat(32 * 1024);
    expect(codeOf(() => sealLicense({ sealedAtMs: 0, server: 's', license: large }, ring))).toBeUndefined();
    const both = { sealedAtMs: 0, server: 's', license: large, revocation: large };
    expect(codeOf(() => sealLicense(both, ring))).toBe('TOO_LARGE');
    expect(codeOf(() => sealKeyFile({ license: large, next: large, timeFloorMs: 0 }, ring))).toBe(
      'TOO_LARGE',
    );
  });

  it('and a refusal never shows it', () => {
    const text = sealLicense({ sealedAtMs: 0, server: 'secret-server', license: 'secret' }, ring);
    const other = parseEncryptionKeys(generateEncryptionKey('ring-1'));
    const message = refusalOf(() => openSealedLicense(text, other))?.message;
    for (const part of ['secret', ...text.split('.').filter((p) => p !== '')])
      expect(message).not.toContain(part);
  });
});
