import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { decodePart, encodePart, readHeader, splitCompact, type HeaderRule } from './compact.js';

const signedRule: HeaderRule = { typ: 'license+jwt', alg: ['PS256', 'RS256'] };
const sealedRule: HeaderRule = { typ: 'sealed-license+jwe', alg: ['dir'], enc: 'A256GCM' };
const signedHeader = { alg: 'PS256', kid: 'vendor-2026', typ: 'license+jwt' };
const sealedHeader = { alg: 'dir', enc: 'A256GCM', kid: 'ring-1', typ: 'sealed-license+jwe' };

const read = (header: unknown, rule = signedRule) =>
  readHeader(encodePart(typeof header === 'string' ? header : JSON.stringify(header)), rule, 'license');

describe('the parts of a compact document', () => {
  it('are as many as the format has', () => {
    expect(splitCompact('a.b.c', 3, 10, 'license')).toEqual(['a', 'b', 'c']);
    expect(splitCompact('a..c.d.e', 5, 10, 'envelope')).toEqual(['a', '', 'c', 'd', 'e']);
    for (const text of ['', 'a', 'a.b', 'a.b.c.d', 'a.b.c.', '.a.b.c', 'a.b.c.d.e', '.'.repeat(9)]) {
      expect(codeOf(() => splitCompact(text, 3, 10, 'license'))).toBe('MALFORMED');
    }
  });

  it('may be as large as allowed and not a byte larger', () => {
    expect(splitCompact('a.b.cdef', 3, 8, 'license')).toHaveLength(3);
    expect(codeOf(() => splitCompact('a.b.cdefg', 3, 8, 'license'))).toBe('TOO_LARGE');
  });

  it('are refused for their size before they are looked at', () => {
    expect(codeOf(() => splitCompact('.'.repeat(50_000_000), 3, 32_768, 'license'))).toBe('TOO_LARGE');
  });
});

describe('canonical base64url', () => {
  it.each([
    ['', ''],
    ['AA', '00'],
    ['_-8', 'ffef'],
    ['AAEC', '000102'],
  ])('reads %j', (part, hex) => {
    expect(decodePart(part, 'part').toString('hex')).toBe(hex);
    expect(encodePart(Buffer.from(hex, 'hex'))).toBe(part);
  });

  it.each([
    ['padding', 'AA=='],
    ['padding that is not needed', 'AAEC='],
    ['spare bits, two', 'AB'],
    ['spare bits, one character before a whole group', 'AAB'],
    ['a length that no bytes have', 'AAECA'],
    ['a single character', 'A'],
    ['a blank inside', 'AA EC'],
    ['a line end behind', 'AAEC\n'],
    ['a tab before', '\tAAEC'],
    ['the alphabet of plain base64: plus', 'AA+A'],
    ['the alphabet of plain base64: slash', 'AA/A'],
    ['a character outside ASCII', 'AAECé'],
    ['a character that has the right low byte', `AAE${String.fromCharCode(0x143)}`],
    ['a NUL', 'AAEC\0'],
    ['a percent escape', 'AA%45'],
  ])('refuses %s', (_, part) => {
    expect(codeOf(() => decodePart(part, 'part'))).toBe('MALFORMED');
  });
});

describe('a protected header', () => {
  it('is read when it has exactly its members, in any order', () => {
    expect(read(signedHeader)).toEqual({ alg: 'PS256', kid: 'vendor-2026' });
    expect(read(sealedHeader, sealedRule)).toEqual({ alg: 'dir', kid: 'ring-1' });
    expect(read({ typ: 'license+jwt', kid: 'k', alg: 'RS256' })).toEqual({ alg: 'RS256', kid: 'k' });
  });

  it.each([
    ['zip', 'DEF'],
    ['crit', ['exp']],
    ['b64', false],
    ['jwk', { kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
    ['jku', 'https://attacker.example/keys'],
    ['x5u', 'https://attacker.example/chain'],
    ['x5c', ['MIIB']],
    ['x5t', 'AAEC'],
    ['x5t#S256', 'AAEC'],
    ['epk', { kty: 'EC' }],
    ['p2c', 1_000_000_000],
    ['p2s', 'AAEC'],
    ['apu', 'AAEC'],
    ['apv', 'AAEC'],
    ['cty', 'JWT'],
    ['iv', 'AAEC'],
    ['tag', 'AAEC'],
    ['__proto__', { alg: 'none' }],
    ['toString', 'x'],
    ['', 'x'],
  ])('is refused with the member %j', (name, value) => {
    const more = `,${JSON.stringify(name)}:${JSON.stringify(value)}}`;
    expect(codeOf(() => read(JSON.stringify(signedHeader).replace('}', more)))).toBe('HEADER_REFUSED');
    const sealed = () => read(JSON.stringify(sealedHeader).replace('}', more), sealedRule);
    expect(codeOf(sealed)).toBe('HEADER_REFUSED');
  });

  it('is refused with enc on a signature, and without it on a seal', () => {
    expect(codeOf(() => read({ ...signedHeader, enc: 'A256GCM' }))).toBe('HEADER_REFUSED');
    const { enc: _, ...withoutEnc } = sealedHeader;
    expect(codeOf(() => read(withoutEnc, sealedRule))).toBe('HEADER_REFUSED');
  });

  it.each(['alg', 'kid', 'typ'])('is refused without %s', (name) => {
    const rest = Object.entries(signedHeader).filter(([member]) => member !== name);
    expect(codeOf(() => read(Object.fromEntries(rest)))).toBe('HEADER_REFUSED');
    expect(codeOf(() => read({ ...Object.fromEntries(rest), other: 'x' }))).toBe('HEADER_REFUSED');
  });

  it('is refused when names only look like the members once they are joined', () => {
    expect(codeOf(() => read({ 'alg,kid,typ': 'x' }))).toBe('HEADER_REFUSED');
    expect(codeOf(() => read({ 'alg,kid': 'PS256', typ: 'license+jwt' }))).toBe('HEADER_REFUSED');
    expect(codeOf(() => read({ ALG: 'PS256', kid: 'k', typ: 'license+jwt' }))).toBe('HEADER_REFUSED');
  });

  it.each([
    'none',
    'None',
    '',
    'HS256',
    'RS384',
    'PS512',
    'ES256',
    'EdDSA',
    'ps256',
    'dir',
    null,
    1,
    ['PS256'],
  ])('of a signature is refused with alg %j', (alg) => {
    expect(codeOf(() => read({ ...signedHeader, alg }))).toBe('ALGORITHM_REFUSED');
  });

  it.each([
    ['alg', 'none'],
    ['alg', 'A256GCMKW'],
    ['alg', 'RSA-OAEP'],
    ['alg', 'PBES2-HS256+A128KW'],
    ['alg', 'ECDH-ES'],
    ['alg', 'PS256'],
    ['enc', 'A128GCM'],
    ['enc', 'A256CBC-HS512'],
    ['enc', 'a256gcm'],
    ['enc', null],
  ])('of a seal is refused with %s %j', (member, value) => {
    expect(codeOf(() => read({ ...sealedHeader, [member]: value }, sealedRule))).toBe('ALGORITHM_REFUSED');
  });

  it.each([
    'JWT',
    'license-revocation+jwt',
    'sealed-license+jwe',
    'License+JWT',
    'application/license+jwt',
    '',
    null,
    1,
  ])('is refused with typ %j', (typ) => {
    expect(codeOf(() => read({ ...signedHeader, typ }))).toBe('TYPE_REFUSED');
  });

  it.each([
    '',
    'a b',
    'a/b',
    '../../etc/passwd',
    "' OR 1=1",
    'é',
    'a\n',
    'a\0',
    'k'.repeat(65),
    null,
    1,
    ['k'],
    { k: 1 },
  ])('is refused with kid %j', (kid) => {
    expect(codeOf(() => read({ ...signedHeader, kid }))).toBe('HEADER_REFUSED');
  });

  it('keeps to 2 KiB as it is written', () => {
    // White space is all that can make a header with exactly these members large.
    const padded = (blanks: number) => JSON.stringify(signedHeader) + ' '.repeat(blanks);
    const room = (2048 / 4) * 3 - JSON.stringify(signedHeader).length;
    expect(read(padded(room)).kid).toBe('vendor-2026');
    expect(codeOf(() => read(padded(room + 1)))).toBe('TOO_LARGE');
  });

  it.each([
    ['a byte-order mark', `\uFEFF${JSON.stringify(signedHeader)}`],
    ['a name twice', '{"alg":"none","alg":"PS256","kid":"k","typ":"license+jwt"}'],
    ['a name twice, once escaped', '{"\\u0061lg":"none","alg":"PS256","kid":"k","typ":"license+jwt"}'],
    ['a list', '["PS256","k","license+jwt"]'],
    ['a string', '"PS256"'],
    ['nothing', ''],
    ['no JSON', 'alg=PS256'],
  ])('is refused when it is %s', (_, text) => {
    expect(refusalOf(() => read(text))).toMatchObject({ code: 'MALFORMED' });
  });
});
