// testvectors/license-claims.json: what a license may say. The vendor signed every one of them.
import { addClaimsJson } from './claims-json.mjs';
import { aLicense, signed, today, withMember, year } from './documents.mjs';
import { VectorFile } from './vector-file.mjs';

const lastSecond = 253_402_300_799; // 9999-12-31T23:59:59Z
const manyFeatures = (count) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [i.toString(36), 1]));

export function licenseClaims({ present }) {
  const file = new VectorFile(
    'Signed licenses: their claims',
    [
      'Each test is a compact JWS ("jws"), to be verified as a license under the group\'s "trustedKeys".',
      'A valid one yields "claims". All signatures are good.',
    ],
    1001,
  );
  const group = (comment) => {
    const { valid, invalid } = file.group({
      type: 'SignedLicense',
      comment,
      trustedKeys: { keys: [present.jwk] },
    });
    return {
      /** Claims as an object, or as the text that was signed. */
      valid: (what, flags, claims) =>
        valid(what, flags, {
          jws: signed(present, claims),
          claims: typeof claims === 'string' ? JSON.parse(claims) : claims,
        }),
      invalid: (what, flags, code, claims) =>
        invalid(what, [...flags, 'ProtocolRule'], code, { jws: signed(present, claims) }),
    };
  };
  addValid(group('claims that a license may have'));
  addMissing(group('a claim missing'));
  addWrong(group('a claim of the wrong kind, or out of range'));
  addVersions(group('the version'));
  addClaimsJson(group('the claims as JSON'));
  return file;
}

function addValid(group) {
  group.valid('no more than there has to be', ['Claim'], aLicense({ features: {}, limits: {} }));
  group.valid('everything there is', ['Claim'], {
    ...aLicense(),
    customer: { name: 'Example Ltd.' },
    nbf: today,
    license_expires: today + year / 2,
    features: { workflow: true, tier: 'gold', seats: 5, factor: 1.5, debt: -3, note: '', zero: 0 },
    limits: { apps: 0, users: -1, bytes: Number.MAX_SAFE_INTEGER },
    deployments: ['eu-1', 'us-1'],
    trial: true,
    non_production: false,
  });
  group.valid('perpetual', ['Claim', 'Dates'], aLicense({ exp: undefined, perpetual: true }));
  group.valid('soft end and hard end at once', ['Dates'], aLicense({ license_expires: today + year }));
  group.valid('ended long ago', ['Dates'], aLicense({ iat: 1, exp: 2 }));
  group.valid('dates at both ends of time', ['Dates'], aLicense({ iat: 0, nbf: 0, exp: lastSecond }));
  group.valid('the highest serial', ['NumberRange'], aLicense({ serial: Number.MAX_SAFE_INTEGER }));
  group.valid('no deployment at all', ['Claim', 'Deployment'], aLicense({ deployments: [] }));
  group.valid('an edition nobody knows', ['Claim', 'Edition'], aLicense({ edition: 'galactic' }));
  group.valid(
    'claims that this version does not know',
    ['Claim'],
    aLicense({ note: { a: [1, null, false] } }),
  );
  group.valid('512 deployments', ['Entries'], aLicense({ deployments: Array(512).fill('a') }));
  group.valid('names of JavaScript objects', ['Prototype'], withNames('{"__proto__":true,"constructor":1}'));
  group.valid('letters outside ASCII', ['Unicode'], aLicense({ customer: { name: 'Größe 東京 😀' } }));
  group.valid(
    'composed and decomposed letters are two names',
    ['Unicode'],
    aLicense({ limits: { '\u00e9': 1, 'e\u0301': 2 } }),
  );
  group.valid(
    '256 characters of two UTF-16 units each',
    ['Unicode', 'Size'],
    aLicense({ sub: '😀'.repeat(256) }),
  );
}

const withNames = (features) => JSON.stringify(aLicense()).replace('{}', features);

function addMissing(group) {
  for (const name of Object.keys(aLicense())) {
    group.invalid(`without ${name}`, ['Claim'], 'CLAIMS_INVALID', aLicense({ [name]: undefined }));
  }
  group.invalid('no claims at all', ['Claim'], 'CLAIMS_INVALID', {});
  const rest = aLicense({ edition: undefined });
  group.invalid('Edition for edition', ['Claim'], 'CLAIMS_INVALID', { ...rest, Edition: 'enterprise' });
  group.invalid(
    'the edition in the prototype',
    ['Prototype'],
    'CLAIMS_INVALID',
    withMember(rest, '"__proto__":{"edition":"enterprise"}'),
  );
  group.invalid(
    'everything in the prototype',
    ['Prototype'],
    'CLAIMS_INVALID',
    `{"__proto__":${JSON.stringify(aLicense())}}`,
  );
  group.invalid('a revocation list', ['TypeConfusion'], 'CLAIMS_INVALID', {
    v: 1,
    iss: 'vendor',
    iat: today,
    serial: 1,
    revoked: [],
  });
}

function addWrong(group) {
  const wrong = {
    iss: [''],
    sub: [null],
    aud: ['', ['agent-os']],
    jti: [7],
    edition: ['', ['enterprise']],
    customer: ['Example Ltd.', {}],
    serial: [0, 1.5, '7'],
    iat: [-1, 1.5, '1798761600', lastSecond + 1],
    nbf: ['1798761600', null],
    exp: [1.5, '1830297600', null],
    perpetual: [false],
    license_expires: ['1830297600', today + year + 1],
    features: [null, ['workflow'], { workflow: false }, { workflow: null }, { a: { b: 1 } }, { '': true }],
    limits: [[], { apps: -2 }, { apps: 1.5 }, { apps: '100' }, { apps: null }],
    deployments: ['eu-1', null, [''], [1]],
    trial: ['yes'],
    non_production: [0],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      // Beside an end of its own, "perpetual" would be wrong whatever it says.
      const rest = name === 'perpetual' ? { exp: undefined } : {};
      const comment = `${name} is ${JSON.stringify(value)}`;
      group.invalid(comment, ['Claim'], 'CLAIMS_INVALID', aLicense({ ...rest, [name]: value }));
    }
  }
  group.invalid('both exp and perpetual', ['Claim'], 'CLAIMS_INVALID', aLicense({ perpetual: true }));
  group.invalid('a soft end without a hard one', ['Claim'], 'CLAIMS_INVALID', {
    ...aLicense({ exp: undefined }),
    perpetual: true,
    license_expires: today,
  });
  group.invalid('513 features', ['Entries'], 'CLAIMS_INVALID', aLicense({ features: manyFeatures(513) }));
  const nested = withNames('{"__proto__":{"workflow":true}}');
  group.invalid('features in the prototype', ['Prototype'], 'CLAIMS_INVALID', nested);
}

function addVersions(group) {
  for (const v of [0, 2]) {
    group.invalid(`version ${v}`, ['Version'], 'VERSION_UNSUPPORTED', aLicense({ v }));
  }
  group.invalid('version 2, which says things differently', ['Version'], 'VERSION_UNSUPPORTED', {
    v: 2,
    to: 'x',
  });
  for (const v of ['1', true]) {
    group.invalid(`version ${JSON.stringify(v)}`, ['Version'], 'CLAIMS_INVALID', aLicense({ v }));
  }
}
