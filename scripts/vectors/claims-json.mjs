// The claims as JSON that another reader could read differently (protocol section 4). The vendor signed all of it.
import { aLicense, withMember } from './documents.mjs';

const claims = aLicense();
const text = JSON.stringify(claims);
const nested = (levels) => '['.repeat(levels) + ']'.repeat(levels);

export function addClaimsJson(group) {
  const invalid = (comment, flag, payload) => group.invalid(comment, [flag], 'MALFORMED', payload);

  group.valid('a name with an escape', ['Unicode'], text.replace('"edition"', String.raw`"\u0065dition"`));
  const pair = withMember(claims, String.raw`"note":"\ud83d\ude00"`);
  group.valid('a surrogate pair in two escapes', ['Unicode'], pair);
  group.valid('eight levels', ['Depth'], withMember(claims, `"note":${nested(7)}`));
  group.valid('a text of 256 characters', ['Size'], aLicense({ note: 'x'.repeat(256) }));
  group.valid('numbers as large as every reader keeps them', ['NumberRange'], {
    ...claims,
    note: [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0.5, 1e-7],
  });

  for (const [comment, payload] of [
    ['no JSON', 'edition=enterprise'],
    ['a list', `[${text}]`],
    ['cut off', text.slice(0, -1)],
    ['a comma too many', text.replace(/}$/, ',}')],
    ['a line break in a string', withMember(claims, '"note":"a\nb"')],
  ]) {
    invalid(comment, 'Json', payload);
  }

  invalid('edition twice, first the higher', 'DuplicateName', withMember(claims, '"edition":"flagship"'));
  invalid('edition twice, last the higher', 'DuplicateName', text.replace(/}$/, ',"edition":"flagship"}'));
  const escaped = withMember(claims, String.raw`"\u0065dition":"flagship"`);
  invalid('edition twice, once with an escape', 'DuplicateName', escaped);
  invalid('__proto__ twice', 'DuplicateName', withMember(claims, '"__proto__":1,"__proto__":2'));
  const twice = text.replace('{}', '{"workflow":1,"workflow":2}');
  invalid('a feature twice', 'DuplicateName', twice);
  invalid(
    'a name twice in a claim nobody knows',
    'DuplicateName',
    withMember(claims, '"note":[{"a":1,"a":1}]'),
  );

  invalid('a byte-order mark', 'Unicode', `\uFEFF${text}`);
  invalid('a byte that is not UTF-8', 'Unicode', Buffer.from(withMember(claims, '"note":"\xff"'), 'latin1'));
  invalid(
    'a letter in two bytes that needs one',
    'Unicode',
    Buffer.from(withMember(claims, '"note":"\xc1\x81"'), 'latin1'),
  );
  invalid('half a surrogate pair', 'Unicode', withMember(claims, String.raw`"note":"\ud800"`));

  for (const [comment, number] of [
    ['2^53', '9007199254740992'],
    ['2^53 + 1', '9007199254740993'],
    ['a number that no double reaches', '1e400'],
  ]) {
    invalid(`serial: ${comment}`, 'NumberRange', text.replace('"serial":1', `"serial":${number}`));
  }
  invalid('exp: endless', 'NumberRange', text.replace(`"exp":${claims.exp}`, '"exp":1e400'));
  invalid(
    'a number out of range in a claim nobody knows',
    'NumberRange',
    withMember(claims, '"note":[1e400]'),
  );
  for (const number of ['NaN', '01', '.5']) {
    invalid(`a number written ${number}`, 'NumberRange', withMember(claims, `"note":${number}`));
  }

  invalid('nine levels', 'Depth', withMember(claims, `"note":${nested(8)}`));
  invalid('a text of 257 characters', 'Size', aLicense({ note: 'x'.repeat(257) }));
  invalid('a name of 257 characters', 'Size', aLicense({ features: { ['x'.repeat(257)]: true } }));
}
