// Changes to a JSON text that know what JSON is: members that come, go, repeat and change their kind, and spellings
// that one parser reads and another does not.

/** Names that steer some reader, or that every object inherits. */
const names = [
  '',
  ...`
    alg enc kid typ zip crit b64 jwk jku x5u x5c x5t epk p2c cty
    v iss sub aud jti serial iat nbf exp perpetual license_expires edition features limits deployments revoked
    license revocation next timeFloor sealed pattern data response id isDisposed err
    __proto__ constructor toString length
  `
    .trim()
    .split(/\s+/),
];

/** Values of every kind, as they are written. */
const values = [
  ...`
    null true false 0 -0 -1 1 1.0 1e0 1.5 01 +1 0x1 NaN undefined 1e400 -1e400
    9007199254740991 9007199254740992 9007199254740993 253402300799 253402300800
    "none" "HS256" "PS256" "RS256" "PS512" "dir" "A128GCM" "A256GCM" "RSA-OAEP" "DEF" "JWT"
    "license+jwt" "license-revocation+jwt" "sealed-license+jwe" "license-store+jwe"
    "community" "flagship" "agent-os" "vendor" "other-vendor" "license.key" "__proto__" "constructor"
    "" "\\u0000" "\\ud800" "\\ud83d\\ude00" 'x' " { }
    [] {} [[[[[[[[[]]]]]]]]] {"v":1} {"__proto__":{"v":1}} {"a":1,"a":2} ["exp"] [1,]
  `
    .trim()
    .split(/\s+/),
  '" "',
  '"\n"',
  `"${'x'.repeat(256)}"`,
  `"${'x'.repeat(257)}"`,
  `"${'é'.repeat(300)}"`,
  `[${'1,'.repeat(600)}1]`,
];

/** Spellings of a whole text that mean the same to a forgiving parser. */
const spellings = [
  (text) => `\uFEFF${text}`,
  (text) => ` ${text}`,
  (text) => `${text}\n`,
  (text) => `${text}\0`,
  (text) => `${text}${text}`,
  (text) => `[${text}]`,
  (text) => text.slice(0, -1),
  (text) => text.replaceAll(',', ' , '),
  (text) => text.replaceAll(':', ' :\t'),
  (text) => text.replaceAll('"', "'"),
  (text) => text.replace('}', ',}'),
  (text) => text.replace('{', '{/**/'),
  (text) => text.replaceAll(/"(\w)/g, (_, letter) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
  (text) => text.replace('e', 'ė'),
  () => '',
  () => 'null',
];

const pick = (list, index) => list[index % list.length];

/**
 * One change to a JSON text.
 *
 * @param {string} text
 * @param {number} how what kind of change
 * @param {number} where at which member
 * @param {number} what with which value
 * @param {readonly string[]} [neighbours] texts of other documents, to be put where they do not belong
 */
export function changeJson(text, how, where, what, neighbours = []) {
  const members = membersOf(text);
  if (members === null || how % 10 === 0) return pick(spellings, what)(text);
  const at = members.length === 0 ? 0 : where % members.length;
  const [name = '"x"', value = '1'] = members[at] ?? [];
  const other = otherValue(what, neighbours);
  switch (how % 10) {
    case 1:
      return write(members.toSpliced(at, 1));
    case 2:
      return write([...members, [name, other]]);
    case 3:
      return write([[name, other], ...members]);
    case 4:
      return write(members.toSpliced(at, 1, [JSON.stringify(pick(names, what)), value]));
    case 5:
      return write([...members, [JSON.stringify(pick(names, where)), other]]);
    case 6: // one level down, where there is one
      return write(
        members.toSpliced(at, 1, [name, changeJson(value, 1 + (what % 9), what, where, neighbours)]),
      );
    case 7:
      return write(members.toReversed());
    case 8:
      return write(members.toSpliced(at, 1, [name.replace('"', '"\\u0020'), value]));
    default:
      return write(members.toSpliced(at, 1, [name, other]));
  }
}

function otherValue(what, neighbours) {
  const at = what % (values.length + neighbours.length);
  return values[at] ?? JSON.stringify(neighbours[at - values.length]);
}

/** Members of an object as they would be written, or null when the text is no object. */
function membersOf(text) {
  try {
    const value = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return Object.entries(value).map(([name, member]) => [JSON.stringify(name), JSON.stringify(member)]);
  } catch {
    return null; // an earlier change left no JSON
  }
}

function write(members) {
  return `{${members.map(([name, value]) => `${name}:${value}`).join(',')}}`;
}
