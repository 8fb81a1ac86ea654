// testvectors/revocation-list.json: what is a signed revocation list.
import { changeBytes, changePart, flipBit } from './changes.mjs';
import { encode } from './compact.mjs';
import { day, aLicense, aRevocationList, revocationHeader, signed, today, withMember } from './documents.mjs';
import { VectorFile } from './vector-file.mjs';

const ids = (count) => Array(count).fill('a');

export function revocationList(vendors) {
  const file = new VectorFile(
    'Signed revocation lists',
    [
      'Each test is a compact JWS ("jws"), to be verified as a revocation list under the group\'s "trustedKeys".',
      'A valid one yields "claims".',
    ],
    2001,
  );
  addClaims(file, vendors);
  addForgeries(file, vendors);
  addWindow(file, vendors);
  return file;
}

const list = (key, claims, changes) => signed(key, claims, { header: revocationHeader(key, changes) });

function addClaims(file, { present, rs256, trustedKeys }) {
  const group = file.group({ type: 'SignedRevocation', comment: 'what a list says', trustedKeys });
  const valid = (comment, flags, claims, key = present) =>
    group.valid(comment, flags, { jws: list(key, claims), claims });
  valid('a list', [], aRevocationList());
  valid('a list under the key for RS256', [], aRevocationList(), rs256);
  valid('an empty list', ['Claim'], aRevocationList({ revoked: [] }));
  valid('512 ids', ['Entries'], aRevocationList({ revoked: ids(512) }));

  const invalid = (comment, flags, code, claims) =>
    group.invalid(comment, [...flags, 'ProtocolRule'], code, { jws: list(present, claims) });
  for (const name of Object.keys(aRevocationList())) {
    invalid(`without ${name}`, ['Claim'], 'CLAIMS_INVALID', aRevocationList({ [name]: undefined }));
  }
  const wrong = {
    iss: [''],
    serial: [0, '1'],
    revoked: ['license-1', [''], [1]],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const comment = `${name} is ${JSON.stringify(value)}`;
      invalid(comment, ['Claim'], 'CLAIMS_INVALID', aRevocationList({ [name]: value }));
    }
  }
  invalid('513 ids', ['Entries'], 'CLAIMS_INVALID', aRevocationList({ revoked: ids(513) }));
  invalid('version 2', ['Version'], 'VERSION_UNSUPPORTED', aRevocationList({ v: 2 }));
  invalid('revoked twice', ['DuplicateName'], 'MALFORMED', withMember(aRevocationList(), '"revoked":[]'));
  invalid('a serial of 2^53', ['NumberRange'], 'MALFORMED', aRevocationList({ serial: 2 ** 53 }));
}

function addForgeries(file, { present, rs256, stranger, trustedKeys }) {
  const group = file.group({ type: 'SignedRevocation', comment: 'who signed, and what', trustedKeys });
  const good = list(present, aRevocationList());
  group.invalid('signed by a stranger, under its own kid', ['Forgery'], 'KEY_UNKNOWN', {
    jws: list(stranger, aRevocationList()),
  });
  group.invalid('signed by a stranger, under the kid of the vendor', ['Forgery'], 'SIGNATURE_INVALID', {
    jws: list(stranger, aRevocationList(), { kid: present.kid }),
  });
  group.invalid('none, without a signature', ['AlgorithmNone'], 'ALGORITHM_REFUSED', {
    jws: `${encode(revocationHeader(present, { alg: 'none' }))}.${encode(aRevocationList())}.`,
  });
  group.invalid('under the key for the other algorithm', ['AlgorithmConfusion'], 'ALGORITHM_REFUSED', {
    jws: list(present, aRevocationList(), { kid: rs256.kid }),
  });
  group.invalid('a bit of the payload', ['BitFlip'], 'SIGNATURE_INVALID', {
    jws: changePart(
      good,
      1,
      changeBytes((bytes) => flipBit(bytes, 160)),
    ),
  });
  group.invalid('cut to two parts', ['Parts'], 'MALFORMED', { jws: good.split('.').slice(0, 2).join('.') });
  group.invalid('crit', ['Critical'], 'HEADER_REFUSED', {
    jws: list(present, aRevocationList(), { crit: ['exp'], exp: 1 }),
  });

  const confused = (comment, code, jws) =>
    group.invalid(comment, ['TypeConfusion', 'ProtocolRule'], code, { jws });
  confused('a license', 'TYPE_REFUSED', signed(present, aLicense()));
  confused('the claims of a license in a revocation list', 'CLAIMS_INVALID', list(present, aLicense()));
  confused('typ JWT', 'TYPE_REFUSED', list(present, aRevocationList(), { typ: 'JWT' }));
  const [header, , signature] = good.split('.');
  const [, payload] = signed(present, aLicense()).split('.');
  group.invalid(
    'header and signature of a list, payload of a license',
    ['MixAndMatch'],
    'SIGNATURE_INVALID',
    {
      jws: `${header}.${payload}.${signature}`,
    },
  );
}

function addWindow(file, { present }) {
  const [nbf, exp] = [today - day, today + day];
  const group = file.group({
    type: 'SignedRevocation',
    comment: 'a key with "nbf" and "exp"',
    trustedKeys: { keys: [{ ...present.jwk, nbf, exp }] },
  });
  for (const [comment, iat, inService] of [
    ['issued a second before its time', nbf - 1, false],
    ['issued in its first second', nbf, true],
    ['issued in its last second', exp - 1, true],
    ['issued a second after its time', exp, false],
  ]) {
    const claims = aRevocationList({ iat });
    const jws = list(present, claims);
    if (inService) group.valid(comment, ['KeyWindow'], { jws, claims });
    else group.invalid(comment, ['KeyWindow', 'ProtocolRule'], 'KEY_NOT_IN_SERVICE', { jws });
  }
}
