import * as fc from 'fast-check';

import { codeOf, refusalOf } from '../testing/throws-with-code.js';
import { formatLicenseText, parseLicenseText } from './license-text.js';

const jws = `eyJhbGciOiJQUzI1NiJ9.${'eyJ2IjoxfQ'.repeat(20)}.${'c2lnbmF0dXJl_-'.repeat(24)}`;
const text = formatLicenseText(jws);
const begin = '-----BEGIN LICENSE-----';
const end = '-----END LICENSE-----';

const messageOf = (variant: string) => refusalOf(() => parseLicenseText(variant))?.message;
const sized = (bytes: number) => `A.B.${'C'.repeat(bytes - 4)}`;
const inLinesOf = (width: number) => (jws.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n');

describe('the license file', () => {
  it('is the compact JWS between two markers, in lines of 64', () => {
    const lines = text.split('\n');
    expect([lines[0], lines.at(-2), lines.at(-1)]).toEqual([begin, end, '']);
    const body = lines.slice(1, -2);
    expect(body.join('')).toBe(jws);
    expect(body.slice(0, -1).every((line) => line.length === 64)).toBe(true);
    expect(body.at(-1)?.length).toBeLessThanOrEqual(64);
  });

  it.each([
    ['as it was written', text],
    ['with CRLF', text.replaceAll('\n', '\r\n')],
    ['with a byte-order mark', `\uFEFF${text}`],
    ['with a byte-order mark and CRLF', `\uFEFF${text.replaceAll('\n', '\r\n')}`],
    ['with blank lines around', `\n\n${text}\n\n`],
    ['without the last line end', text.trimEnd()],
    ['indented by a mail program', text.replaceAll(/^/gm, '    ')],
    ['indented with tabs', text.replaceAll(/^/gm, '\t')],
    ['with blanks at the ends of lines', text.replaceAll('\n', '  \n')],
    ['wrapped at 76', `${begin}\n${inLinesOf(76)}\n${end}\n`],
    ['wrapped at 10', `${begin}\n${inLinesOf(10)}\n${end}\n`],
    ['on one line', `${begin} ${jws} ${end}`],
    ['bare', jws],
    ['bare, with a line end', `${jws}\n`],
    ['bare, wrapped and indented', inLinesOf(60).replaceAll(/^/gm, '  ')],
    ['bare, with a byte-order mark', `\uFEFF${jws}`],
    ['with non-breaking blanks, as web pages copy them', text.replaceAll(/^/gm, '\u00A0')],
  ])('is read %s', (_, variant) => {
    expect(parseLicenseText(variant)).toBe(jws);
  });

  it('is read in any wrapping of any license', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_-]{1,200}$/);
    const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.array(space, { minLength: 1 }), (parts, spaces) => {
        const token = parts.join('.');
        const wrapped = Array.from(token, (character, i) => character + spaces[i % spaces.length]).join('');
        expect(parseLicenseText(formatLicenseText(token))).toBe(token);
        expect(parseLicenseText(`${begin}${wrapped}${end}`)).toBe(token);
        expect(parseLicenseText(wrapped)).toBe(token);
      }),
    );
  });

  it.each([
    ['is empty', ''],
    ['holds only white space', ' \r\n\t\n'],
    ['holds only a byte-order mark', '\uFEFF'],
    ['holds only the markers', `${begin}\n${end}\n`],
    ['is cut off in the middle', text.slice(0, 300)],
    ['is cut off before its last marker', text.slice(0, text.indexOf(end))],
    ['is cut off inside its last marker', text.trimEnd().slice(0, -1)],
    ['has lost its first marker', text.slice(begin.length + 1)],
    ['has something behind it', `${text}\nKind regards`],
    ['has something before it', `Dear customer,\n${text}`],
    ['has one word before it', `License:${text}`],
    ['holds two licenses', text + text],
    ['is quoted by a mail program', text.replaceAll(/^/gm, '> ')],
    ['has other markers', text.replaceAll('LICENSE', 'CERTIFICATE')],
    ['has markers in small letters', text.toLowerCase()],
    ['has two parts', `${begin}\nAAAA.BBBB\n${end}`],
    ['has four parts', `${begin}\nAAAA.BBBB.CCCC.DDDD\n${end}`],
    ['has an empty part', `${begin}\nAAAA..CCCC\n${end}`],
    ['has padding', 'AAAA.BBBB.CC=='],
    ['is plain base64', 'AA+A.BB/B.CCCC'],
    ['is JSON', '{"edition":"flagship"}'],
    ['is a PEM key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----'],
    ['holds a soft hyphen', `${jws.slice(0, 50)}\u00AD${jws.slice(50)}`],
    ['holds a zero-width space', `${jws.slice(0, 50)}\u200B${jws.slice(50)}`],
    ['holds a NUL', `${jws}\0`],
  ])('is refused when it %s', (_, variant) => {
    expect(codeOf(() => parseLicenseText(variant))).toBe('MALFORMED');
  });

  it('says what to do: empty, cut off, or not a license', () => {
    expect(messageOf('\n')).toContain('empty');
    expect(messageOf(text.slice(0, 300))).toContain('cut off');
    expect(messageOf('secret words')).toContain('exactly as the vendor sent it');
    expect(messageOf('secret words')).not.toContain('secret');
  });

  it('may hold a license of 32 KiB, and no more', () => {
    expect(parseLicenseText(formatLicenseText(sized(32 * 1024)))).toHaveLength(32 * 1024);
    expect(codeOf(() => parseLicenseText(formatLicenseText(sized(32 * 1024 + 1))))).toBe('TOO_LARGE');
    expect(codeOf(() => parseLicenseText(' '.repeat(64 * 1024) + jws))).toBe('TOO_LARGE');
  });

  it('throws nothing but refusals, whatever the text', () => {
    const scraps = fc.array(fc.oneof(fc.constantFrom(begin, end, '.', '\n', '-----', 'A'), fc.string()));
    fc.assert(fc.property(scraps, (parts) => void codeOf(() => parseLicenseText(parts.join('')))));
  });
});
