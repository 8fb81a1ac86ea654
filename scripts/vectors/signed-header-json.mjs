// The protected header as JSON. The vendor signed each of these: only the way the header is written is wrong.
import { aLicense, licenseHeader, signed, withMember } from './documents.mjs';

const claims = aLicense();
const maxHeaderBytes = (2 * 1024 * 3) / 4; // 2 KiB in base64url

export function addHeaderJson(file, { present }) {
  const group = file.group({
    type: 'SignedLicense',
    comment: 'the protected header as JSON',
    trustedKeys: { keys: [present.jwk] },
  });
  const header = licenseHeader(present);
  const text = JSON.stringify(header);
  const valid = (comment, flags, changed) =>
    group.valid(comment, flags, { jws: signed(present, claims, { header: changed }), claims });
  const invalid = (comment, flags, changed, code = 'MALFORMED') =>
    group.invalid(comment, flags, code, { jws: signed(present, claims, { header: changed }) });

  valid('its members in another order', ['Json'], { typ: header.typ, kid: header.kid, alg: header.alg });
  valid('a name with an escape', ['Unicode'], text.replace('"alg"', String.raw`"\u0061lg"`));
  valid('2 KiB', ['Size'], text.padEnd(maxHeaderBytes));
  invalid('more than 2 KiB', ['Size', 'StrictForm'], text.padEnd(maxHeaderBytes + 1), 'TOO_LARGE');

  for (const [comment, bad] of [
    ['not JSON', `alg=PS256;kid=${header.kid}`],
    ['a list', `[${text}]`],
    ['cut off', text.slice(0, -1)],
    ['a comma too many', text.replace('}', ',}')],
    ['UTF-16', Buffer.from(text, 'utf16le')],
  ]) {
    invalid(comment, ['Json'], bad);
  }

  const strange = ['Unicode', 'StrictForm'];
  invalid('a byte-order mark', strange, `\uFEFF${text}`);
  invalid('a byte that is not UTF-8', strange, Buffer.from(withMember(header, '"x":"\xff"'), 'latin1'));
  invalid('half a surrogate pair', strange, withMember(header, String.raw`"x":"\ud800"`));

  const twice = ['DuplicateName', 'StrictForm'];
  invalid('alg twice, first none', twice, withMember(header, '"alg":"none"'));
  invalid('alg twice, last none', ['DuplicateName'], text.replace('}', ',"alg":"none"}'));
  invalid(
    'alg twice, first none and with an escape',
    twice,
    withMember(header, String.raw`"\u0061lg":"none"`),
  );
  invalid('kid twice, first a stranger', twice, withMember(header, '"kid":"stranger"'));
  invalid('a name twice inside a member', twice, withMember(header, '"x":{"y":1,"y":2}'));

  invalid('nine levels', ['Depth', 'StrictForm'], withMember(header, '"x":[[[[[[[[]]]]]]]]'));
  const integer = withMember(header, '"x":9007199254740993');
  invalid('an integer beyond 2^53', ['NumberRange', 'StrictForm'], integer);
}
