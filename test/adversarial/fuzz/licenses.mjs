// Licenses for the fuzzer: genuine ones of every kind, and forgeries of every kind that has a name.
import { constants, createHmac, sign } from 'node:crypto';

import { publicJwk, signLicense } from '@latchkey/license/issuing';

/** 2027-01-01T00:00:00Z, in seconds. */
export const nowS = Date.UTC(2027, 0, 1) / 1000;
const dayS = 24 * 60 * 60;

export const product = 'agent-os';
export const deploymentId = 'eu-1';

/** Claims of a plain enterprise license. */
const base = {
  v: 1,
  iss: 'vendor',
  sub: 'customer-1',
  customer: { name: 'Some Customer' },
  aud: product,
  jti: 'license',
  serial: 1,
  iat: nowS - 60,
  exp: nowS + 365 * dayS,
  edition: 'enterprise',
  features: {},
  limits: {},
};

/** What the vendor really signed: each verifies; whether it counts here and now is another matter. */
export function genuineLicenses({ present, rs256, retired }) {
  const { exp: _exp, ...endless } = base;
  const kinds = [
    {},
    { edition: 'professional' },
    {
      edition: 'flagship',
      features: { workflow: true, seats: 5, tier: 'gold' },
      limits: { users: 500, apps: -1 },
    },
    { edition: 'community' },
    { exp: nowS + dayS, license_expires: nowS - dayS },
    { exp: nowS - 1, iat: nowS - 30 * dayS },
    { nbf: nowS + dayS },
    { iat: nowS + 3 * dayS },
    { deployments: [deploymentId, 'us-1'] },
    { deployments: ['us-1'] },
    { aud: 'other-product' },
    { edition: 'galactic' },
    { trial: true, exp: nowS + 3600 },
    { features: { constructor: true, ['__proto__']: 'x', toString: 1 }, limits: { constructor: 0 } },
    { features: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`feature-${i}`, true])) },
  ];
  const signed = kinds.map((changes, index) => [{ ...base, ...named(index), ...changes }, present]);
  const perpetual = { ...endless, ...named(kinds.length), perpetual: true };
  const ofOtherVendor = { ...base, ...named(3), iss: 'other-vendor' };
  const ofRetiredKey = { ...base, ...named(4), iat: nowS - dayS };
  signed.push([perpetual, present], [ofOtherVendor, rs256], [ofRetiredKey, retired]);
  return [
    ...signed.map(([claims, key]) => ({ jws: signLicense(claims, key), claims })),
    licenseWithLeadingZero({ ...base, ...named(5) }, present),
  ];
}

/** One signature in 256 begins with a zero byte, and OpenSSL reads it without that byte, too. */
function licenseWithLeadingZero(claims, key) {
  for (;;) {
    const jws = signLicense(claims, key);
    if (Buffer.from(jws.split('.')[2], 'base64url')[0] === 0) return { jws, claims };
  }
}

const named = (index) => ({ jti: `license-${index}`, serial: index + 1 });

/** What nobody may ever accept, as it is or changed. */
export function forgedLicenses({ present, rs256, retired, stranger }) {
  const best = { ...base, ...named(99), edition: 'flagship' };
  const compact = (header, payload, signer) => {
    const full = { alg: 'PS256', kid: present.kid, typ: 'license+jwt', ...header };
    const signed = [full, payload].map(encode).join('.');
    return { jws: `${signed}.${signer(signed)}` };
  };
  const mac = (signed) =>
    createHmac('sha256', Buffer.from(publicJwk(present).n, 'base64url'))
      .update(signed)
      .digest('base64url');

  return [
    compact({}, best, pss(stranger)),
    compact({ kid: stranger.kid }, best, pss(stranger)),
    compact({ jwk: publicJwk(stranger) }, best, pss(stranger)),
    compact({ alg: 'none' }, best, () => ''),
    compact({ alg: 'HS256' }, best, mac),
    compact({ alg: 'RS256' }, best, pkcs1(present)),
    compact({}, best, pkcs1(present)),
    compact({ alg: 'RS256' }, best, pss(present)),
    compact({ kid: rs256.kid }, best, pss(rs256)),
    compact({ kid: rs256.kid, alg: 'RS256' }, best, pss(rs256)),
    compact({ kid: retired.kid }, best, pss(retired)),
    compact({}, best, pss(present, 0)),
    compact({}, best, pss(present, 222)),
    // Really signed by the vendor's key, and still no license
    compact({ typ: 'JWT' }, best, pss(present)),
    compact({ typ: 'license-status+jwe' }, best, pss(present)),
    compact({ crit: ['exp'], exp: 1 }, best, pss(present)),
    compact({ b64: false }, best, pss(present)),
    compact({}, { ...best, v: 2 }, pss(present)),
    compact({}, { ...best, serial: 2 ** 53 }, pss(present)),
    compact({}, { ...best, perpetual: true }, pss(present)),
    compact({}, { ...best, features: [] }, pss(present)),
    compact({}, `\uFEFF${JSON.stringify(best)}`, pss(present)),
    compact({}, `{"edition":"community",${JSON.stringify(best).slice(1)}`, pss(present)),
    compact({}, JSON.stringify(best).replace('{', '{"x":9007199254740993,'), pss(present)),
    compact({}, JSON.stringify(best).replace('{', '{"x":1e400,'), pss(present)),
    compact({}, [best], pss(present)),
    compact({}, 'null', pss(present)),
  ];
}

/** Signers: from the text to sign to the signature. */
const rsa =
  ({ privateKey }, padding, saltLength) =>
  (signed) =>
    sign('sha256', Buffer.from(signed), { key: privateKey, padding, saltLength }).toString('base64url');
const pss = (key, saltLength = 32) => rsa(key, constants.RSA_PKCS1_PSS_PADDING, saltLength);
const pkcs1 = (key) => rsa(key, constants.RSA_PKCS1_PADDING);

function encode(content) {
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url');
}
