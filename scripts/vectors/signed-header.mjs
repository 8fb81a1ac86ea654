// The members of the protected header. Unless a case says otherwise the vendor signed it: only the header is wrong.
import { encode, pss } from './compact.mjs';
import { aLicense, licenseHeader, signed, withMember } from './documents.mjs';
import { thumbprint } from './vendor.mjs';

const claims = aLicense();

export function addHeaders(file, vendors) {
  const { present, trustedKeys } = vendors;
  const group = file.group({
    type: 'SignedLicense',
    comment: 'the members of the protected header',
    trustedKeys,
  });
  const header = licenseHeader(present);
  const invalid = (comment, flags, code, changed) =>
    group.invalid(comment, flags, code, { jws: signed(present, claims, { header: changed }) });
  addMissing(invalid, header);
  addMore(invalid, header, vendors);
  addCritical(invalid, header);
  addUnencoded(group, header, present);
  addTypes(invalid, header);
  addKeyIds(invalid, group, header, vendors);
}

function addMissing(invalid, header) {
  for (const name of ['alg', 'kid', 'typ']) {
    const flags = name === 'alg' ? ['HeaderMissing'] : ['HeaderMissing', 'StrictForm'];
    invalid(`without ${name}`, flags, 'HEADER_REFUSED', { ...header, [name]: undefined });
  }
  invalid('ALG for alg', ['HeaderMissing'], 'HEADER_REFUSED', { ...header, alg: undefined, ALG: 'PS256' });
  invalid('without any member', ['HeaderMissing'], 'HEADER_REFUSED', {});
}

function addMore(invalid, header, { present, stranger }) {
  const refused = (what, name, value, flags) => {
    const member = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    invalid(`with ${what}`, [...flags, 'StrictForm'], 'HEADER_REFUSED', withMember(header, member));
  };
  refused('the jwk that signed it', 'jwk', present.jwk, ['EmbeddedKey']);
  refused('the jwk of a stranger', 'jwk', stranger.jwk, ['EmbeddedKey']);
  for (const [name, value] of [
    ['jku', 'https://vendor.example/keys'],
    ['x5c', ['MIIB']],
  ]) {
    refused(name, name, value, ['EmbeddedKey']);
  }
  refused('zip', 'zip', 'DEF', ['Compression']);
  for (const [name, value] of [
    ['cty', 'JWT'],
    ['enc', 'A256GCM'],
    ['p2c', 1_000_000_000],
  ]) {
    refused(name, name, value, ['HeaderMember']);
  }
  refused('a member without a name', '', 'x', ['HeaderMember']);
  refused('__proto__', '__proto__', { alg: 'none' }, ['HeaderMember', 'Prototype']);
  refused('constructor', 'constructor', 'x', ['HeaderMember', 'Prototype']);
}

function addCritical(invalid, header) {
  const refused = (comment, flags, more) => invalid(comment, flags, 'HEADER_REFUSED', { ...header, ...more });
  refused('crit names something unknown', ['Critical'], { crit: ['exp'], exp: 1 });
  refused('crit names something that is not there', ['Critical'], { crit: ['b64'] });
  refused('crit is a string', ['Critical'], { crit: 'kid' });
  refused('crit is empty', ['Critical', 'StrictForm'], { crit: [] });
}

function addUnencoded(group, header, key) {
  const refused = (comment, changed) =>
    group.invalid(comment, ['UnencodedPayload', 'StrictForm'], 'HEADER_REFUSED', {
      jws: signed(key, claims, { header: { ...header, ...changed } }),
    });
  refused('b64 is true, and crit says so', { crit: ['b64'], b64: true });
  refused('b64 is false, crit does not say so, and the payload is encoded', { b64: false });
  // As RFC 7797 has it: the claims stand there as they are, and as such they were signed.
  const text = `${encode({ ...header, crit: ['b64'], b64: false })}.${JSON.stringify(claims)}`;
  group.invalid(
    'b64 is false, and the payload is not encoded',
    ['UnencodedPayload', 'StrictForm'],
    'MALFORMED',
    {
      jws: `${text}.${encode(pss()(key.privateKey, Buffer.from(text)))}`,
    },
  );
}

function addTypes(invalid, header) {
  for (const typ of [
    'JWT',
    'license-revocation+jwt',
    'sealed-license+jwe',
    'License+JWT',
    'application/license+jwt',
    null,
  ]) {
    const changed = { ...header, typ };
    invalid(`typ is ${JSON.stringify(typ)}`, ['TypeConfusion', 'ProtocolRule'], 'TYPE_REFUSED', changed);
  }
}

function addKeyIds(invalid, group, header, { present, stranger }) {
  const kidIs = (kid, code, flags = []) =>
    invalid(`kid is ${JSON.stringify(kid)}`, ['KeyId', ...flags], code, { ...header, kid });
  for (const kid of ['vendor-2027', 'VENDOR-2026']) kidIs(kid, 'KEY_UNKNOWN');
  for (const kid of ['__proto__', 'constructor']) {
    kidIs(kid, 'KEY_UNKNOWN', ['Prototype']);
  }
  for (const kid of ['', 'vendor-2026 ', '../../dev/null', 'vendör']) {
    kidIs(kid, 'HEADER_REFUSED');
  }
  kidIs(null, 'HEADER_REFUSED');
  const kid = 'k'.repeat(65);
  invalid('kid is 65 characters long', ['KeyId', 'Size'], 'HEADER_REFUSED', { ...header, kid });
  invalid('kid is the thumbprint of a key that has a name', ['KeyId'], 'KEY_UNKNOWN', {
    ...header,
    kid: thumbprint(present.jwk),
  });
  group.invalid(
    'signed by a stranger, who brings its own key',
    ['EmbeddedKey', 'Forgery'],
    'HEADER_REFUSED',
    {
      jws: signed(stranger, claims, { header: { ...header, jwk: stranger.jwk } }),
    },
  );
  group.invalid('signed by a stranger, under its own kid', ['KeyId', 'Forgery'], 'KEY_UNKNOWN', {
    jws: signed(stranger, claims),
  });
  group.invalid(
    'signed by a stranger, under the kid of the vendor',
    ['KeyId', 'Forgery'],
    'SIGNATURE_INVALID',
    {
      jws: signed(stranger, claims, { header }),
    },
  );
}
