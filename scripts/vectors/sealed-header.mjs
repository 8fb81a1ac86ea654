// The protected header of sealed documents. Unless a case says otherwise the seal is good: only the header is wrong.
import { deflateRawSync } from 'node:zlib';

import { jwe } from './compact.mjs';
import { aLicense, signed, withMember } from './documents.mjs';
import { sealed, sealedDocuments, sealedHeader } from './sealed-documents.mjs';

const type = 'SealedLicense';
const content = sealedDocuments[type].content();
const maxHeaderBytes = (2 * 1024 * 3) / 4; // 2 KiB in base64url

export function addSealedHeaders(file, ring, vendors) {
  const { testOnlyEncryptionKeys, first } = ring;
  const group = file.group({ type, comment: 'the protected header', testOnlyEncryptionKeys });
  const header = sealedHeader(type, first);
  const invalid = (comment, flags, code, changed) =>
    group.invalid(comment, flags, code, { sealed: sealed(type, first, content, { header: changed }) });
  const valid = (comment, flags, changed) =>
    group.valid(comment, flags, { sealed: sealed(type, first, content, { header: changed }), content });
  addJson(valid, invalid, header);
  addMembers(invalid, header);
  addCompression(group, header, first);
  addAlgorithms(group, header, first);
  addTypes(file, ring, vendors);
}

function addJson(valid, invalid, header) {
  const text = JSON.stringify(header);
  const { typ, kid, enc, alg } = header;
  valid('its members in another order', ['Json'], { typ, kid, enc, alg });
  valid('2 KiB', ['Size'], text.padEnd(maxHeaderBytes));
  invalid('more than 2 KiB', ['Size', 'StrictForm'], 'TOO_LARGE', text.padEnd(maxHeaderBytes + 1));
  invalid('not JSON', ['Json'], 'MALFORMED', 'alg=dir');
  invalid('a list', ['Json'], 'MALFORMED', `[${text}]`);
  invalid('a byte-order mark', ['Unicode', 'StrictForm'], 'MALFORMED', `\uFEFF${text}`);
  const twice = ['DuplicateName', 'StrictForm'];
  invalid('enc twice, first A128GCM', twice, 'MALFORMED', withMember(header, '"enc":"A128GCM"'));
  invalid('alg twice, first none', twice, 'MALFORMED', withMember(header, '"alg":"none"'));
  const escaped = withMember(header, String.raw`"k\u0069d":"test-only-2"`);
  invalid('kid twice, first with an escape', twice, 'MALFORMED', escaped);
}

function addMembers(invalid, header) {
  for (const name of ['alg', 'enc', 'kid', 'typ']) {
    const flags = ['alg', 'enc'].includes(name) ? ['HeaderMissing'] : ['HeaderMissing', 'StrictForm'];
    invalid(`without ${name}`, flags, 'HEADER_REFUSED', { ...header, [name]: undefined });
  }
  for (const [name, value] of Object.entries({
    cty: 'JWT',
    jwk: { kty: 'oct', kid: 'test-only-2' },
    jku: 'https://vendor.example/keys',
    p2c: 1_000_000_000,
    tag: 'AAEC',
  })) {
    const flags = ['HeaderMember', 'StrictForm'];
    invalid(`with ${name}`, flags, 'HEADER_REFUSED', { ...header, [name]: value });
  }
  for (const name of ['__proto__', 'constructor']) {
    const flags = ['HeaderMember', 'Prototype', 'StrictForm'];
    invalid(`with ${name}`, flags, 'HEADER_REFUSED', withMember(header, `"${name}":{}`));
  }
  const critical = { ...header, crit: ['exp'], exp: 1 };
  invalid('crit names something unknown', ['Critical'], 'HEADER_REFUSED', critical);
  const empty = { ...header, crit: [] };
  invalid('crit is empty', ['Critical', 'StrictForm'], 'HEADER_REFUSED', empty);

  const kidIs = (kid, code, flags = []) =>
    invalid(`kid is ${JSON.stringify(kid)}`, ['KeyId', ...flags], code, { ...header, kid });
  kidIs('test-only-4', 'KEY_UNKNOWN');
  for (const kid of ['__proto__', 'constructor']) kidIs(kid, 'KEY_UNKNOWN', ['Prototype']);
  for (const kid of ['', 'test-only-1 ', null]) kidIs(kid, 'HEADER_REFUSED');
}

function addCompression(group, header, { secret }) {
  const zipped = { ...header, zip: 'DEF' };
  const refused = (comment, flags, plaintext) =>
    group.invalid(comment, ['Compression', ...flags], 'HEADER_REFUSED', {
      sealed: jwe(zipped, plaintext, secret),
    });
  const text = JSON.stringify(content);
  refused('zip, and compressed', ['StrictForm'], deflateRawSync(text));
  refused('zip, and not compressed', [], text);
  // 4 MiB in 4 KiB: a reader that inflates before it looks is kept busy by anybody with the key.
  refused('zip, and much larger when inflated', ['StrictForm'], deflateRawSync(text.padEnd(4 * 1024 * 1024)));
}

function addAlgorithms(group, header, { secret }) {
  const refused = (comment, changes, how) =>
    group.invalid(comment, ['AlgorithmConfusion'], 'ALGORITHM_REFUSED', {
      sealed: jwe({ ...header, ...changes }, content, how?.secret ?? secret, how),
    });
  refused(
    'A128GCM with half the key',
    { enc: 'A128GCM' },
    { secret: secret.subarray(16), cipher: 'aes-128-gcm' },
  );
  refused(
    'A192GCM with most of the key',
    { enc: 'A192GCM' },
    { secret: secret.subarray(8), cipher: 'aes-192-gcm' },
  );
  for (const enc of ['A128CBC-HS256', 'none', null]) {
    refused(`enc is ${JSON.stringify(enc)}`, { enc });
  }
  for (const alg of ['A256KW', 'A256GCMKW', 'none', null]) {
    refused(`alg is ${JSON.stringify(alg)}`, { alg });
  }
  // Attack: the sender decides how many rounds the reader computes.
  const pbes2 = { ...header, alg: 'PBES2-HS256+A128KW', p2c: 2_000_000_000, p2s: 'AAEC' };
  group.invalid('a password with two billion rounds', ['AlgorithmConfusion'], 'HEADER_REFUSED', {
    sealed: jwe(pbes2, content, secret),
  });
}

function addTypes(file, { testOnlyEncryptionKeys, first }, { present }) {
  const confused = ['TypeConfusion', 'ProtocolRule'];
  for (const wanted of Object.keys(sealedDocuments)) {
    const group = file.group({
      type: wanted,
      comment: `other documents offered as a ${wanted}`,
      testOnlyEncryptionKeys,
    });
    for (const [found, { content: make }] of Object.entries(sealedDocuments)) {
      if (found === wanted) continue;
      group.invalid(`a ${found}`, confused, 'TYPE_REFUSED', { sealed: sealed(found, first, make()) });
      group.invalid(`a ${found} under the typ of a ${wanted}`, confused, 'MALFORMED', {
        sealed: sealed(found, first, make(), { header: sealedHeader(wanted, first) }),
      });
    }
    for (const typ of ['license-status+jwe', 'license+jwt']) {
      group.invalid(`typ is ${JSON.stringify(typ)}`, confused, 'TYPE_REFUSED', {
        sealed: sealed(wanted, first, sealedDocuments[wanted].content(), {
          header: sealedHeader(wanted, first, { typ }),
        }),
      });
    }
    const jws = signed(present, aLicense());
    group.invalid('a signed license', ['TypeConfusion'], 'MALFORMED', { sealed: jws });
    group.invalid('a signed license inside a seal, where the JSON should be', confused, 'MALFORMED', {
      sealed: sealed(wanted, first, jws),
    });
  }
}
