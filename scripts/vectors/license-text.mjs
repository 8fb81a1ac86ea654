// testvectors/license-text.json: what a person may have done to a license file, and what not.
import { encode } from './compact.mjs';
import { aLicense, licenseHeader } from './documents.mjs';
import { VectorFile } from './vector-file.mjs';

const begin = '-----BEGIN LICENSE-----';
const end = '-----END LICENSE-----';
const armored = (jws, width = 64) =>
  [begin, ...jws.match(new RegExp(`.{1,${width}}`, 'g')), end, ''].join('\n');

export function licenseText({ present }) {
  const file = new VectorFile(
    'License files: the text around a signed license',
    [
      'Each test is the "text" of a license file. A valid one yields the "license" of the group, a compact JWS, byte',
      'for byte. Signatures are not looked at here.',
    ],
    4001,
  );
  // Short, for that nothing in it is looked at.
  const jws = [licenseHeader(present), { v: 1 }, Buffer.alloc(64, 0xab)].map(encode).join('.');
  const group = file.group({ type: 'LicenseText', comment: 'one license, its text changed', license: jws });
  addReadable(group, jws, armored(jws));
  addUnreadable(group, jws, armored(jws));
  return file;
}

function addReadable(group, jws, text) {
  const valid = (comment, changed) => group.valid(comment, ['Armor'], { text: changed });
  valid('as it was written', text);
  valid('with CRLF', text.replaceAll('\n', '\r\n'));
  valid('with CR alone', text.replaceAll('\n', '\r'));
  valid('with a byte-order mark', `\uFEFF${text}`);
  valid('with a byte-order mark and CRLF', `\uFEFF${text.replaceAll('\n', '\r\n')}`);
  valid('with blank lines around', `\n \n${text}\n\n`);
  valid('with blank lines between', text.replaceAll('\n', '\n\n'));
  valid('without the last line end', text.trimEnd());
  valid('indented with blanks', text.replaceAll(/^/gm, '    '));
  valid('indented with tabs', text.replaceAll(/^/gm, '\t'));
  valid('blanks at the ends of lines', text.replaceAll('\n', '  \n'));
  valid('wrapped at 76', armored(jws, 76));
  valid('wrapped at 10', armored(jws, 10));
  valid('on one line', `${begin} ${jws} ${end}`);
  valid('with nothing between markers and license', `${begin}${jws}${end}`);
  valid('bare', jws);
  valid('bare, with a line end', `${jws}\n`);
  valid('bare, wrapped and indented', jws.replaceAll(/.{60}/g, '  $&\n'));
  valid('bare, with a byte-order mark', `\uFEFF${jws}`);
  valid('with no-break spaces, as web pages copy them', text.replaceAll(/^/gm, '\u00A0'));
}

function addUnreadable(group, jws, text) {
  const invalid = (comment, changed) => group.invalid(comment, ['Armor'], 'MALFORMED', { text: changed });
  invalid('nothing', '');
  invalid('white space', ' \r\n\t\n');
  invalid('a byte-order mark', '\uFEFF');
  invalid('the markers alone', `${begin}\n${end}\n`);
  invalid('cut off in the middle', text.slice(0, 100));
  invalid('cut off before its last marker', text.slice(0, text.indexOf(end)));
  invalid('cut off inside its last marker', text.trimEnd().slice(0, -1));
  invalid('without its first marker', text.slice(begin.length + 1));
  invalid('with something behind it', `${text}\nKind regards`);
  invalid('with something before it', `Dear customer,\n${text}`);
  invalid('with a word before it', `License:${text}`);
  invalid('with a line of headers, as PEM once had', text.replace('\n', '\nVersion: 1\n\n'));
  invalid('two licenses', text + text);
  invalid('two licenses between one pair of markers', armored(jws + jws));
  invalid('a license inside a license', text.replace(end, `${text}${end}`));
  invalid('quoted by a mail program', text.replaceAll(/^/gm, '> '));
  invalid('the markers of a certificate', text.replaceAll('LICENSE', 'CERTIFICATE'));
  invalid('the markers of two kinds', text.replace('END LICENSE', 'END CERTIFICATE'));
  invalid('the markers in small letters', text.replaceAll('LICENSE', 'license'));
  invalid('a dash of another kind', text.replaceAll('-----', '\u2014'));
  invalid('two parts', armored(jws.split('.').slice(0, 2).join('.')));
  invalid('four parts', armored(`${jws}.AAEC`));
  invalid('five parts: a sealed license', armored('eyJhIjowfQ..AAEC.AAEC.AAEC'));
  invalid('an empty part', armored(jws.replace(/\..*\./, '..')));
  invalid('padding', `${jws}==`);
  invalid('the plain alphabet of base64', armored(jws.replace(/.{4}$/, 'a+b/')));
  invalid('JSON', JSON.stringify(aLicense()));
  invalid('a public key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n');
  const insert = (letter) => armored(jws.slice(0, 50) + letter + jws.slice(50));
  invalid('a soft hyphen', insert('\u00AD'));
  invalid('a zero-width space', insert('\u200B'));
  invalid('a NUL', insert('\0'));
  invalid('a letter outside ASCII', insert('é'));
  invalid('a letter that looks like another', armored(jws.replace('e', '\u0435')));
}
