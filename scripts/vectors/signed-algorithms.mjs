// One key, one algorithm, decided by the key (RFC 8725 3.1): whatever the header says.
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

import { encode, hmac, jws, pkcs1, pss } from './compact.mjs';
import { aLicense, licenseHeader, signed } from './documents.mjs';

const claims = aLicense();

const zeros = () => Buffer.alloc(64); // CVE-2022-21449: r and s of ECDSA

export function addAlgorithms(file, { present, rs256, trustedKeys }) {
  const group = file.group({
    type: 'SignedLicense',
    comment: 'which algorithm',
    trustedKeys,
  });
  group.valid('RS256 under a key that says RS256', [], { jws: signed(rs256, claims), claims });

  const confused = (comment, code, key, alg, signer) =>
    group.invalid(comment, ['AlgorithmConfusion'], code, {
      jws: signed(key, claims, { header: licenseHeader(key, { alg }), signer }),
    });
  confused('an RS256 signature under the key for PS256', 'ALGORITHM_REFUSED', present, 'RS256', pkcs1());
  confused('an RS256 signature that is called PS256', 'SIGNATURE_INVALID', present, 'PS256', pkcs1());
  confused('a PS256 signature that is called RS256', 'ALGORITHM_REFUSED', present, 'RS256', pss());
  confused('a PS256 signature under the key for RS256', 'ALGORITHM_REFUSED', rs256, 'PS256', pss());
  confused(
    'a PS256 signature that is called RS256, its key for RS256',
    'SIGNATURE_INVALID',
    rs256,
    'RS256',
    pss(),
  );
  const other = (alg, signer) =>
    confused(`${alg}, signed as such`, 'ALGORITHM_REFUSED', present, alg, signer);
  other('PS384', pss(48, 'sha384'));
  other('PS512', pss(64, 'sha512'));

  // Attack: the verifier takes the public key, which everybody has, for the secret of an HMAC (CVE-2015-9235).
  const publicKey = createPublicKey(present.privateKey);
  for (const [what, secret] of [
    ['the modulus', Buffer.from(present.jwk.n, 'base64url')],
    ['the PEM', publicKey.export({ type: 'spki', format: 'pem' })],
  ]) {
    confused(`HS256 with ${what} as the secret`, 'ALGORITHM_REFUSED', present, 'HS256', hmac(secret));
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsa = (_key, bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  confused('ES256 of a stranger', 'ALGORITHM_REFUSED', present, 'ES256', ecdsa);
  confused('ES256 with a signature of zeros', 'ALGORITHM_REFUSED', present, 'ES256', zeros);
  for (const alg of ['dir', 'ps256', null, ['PS256']]) {
    confused(`alg is ${JSON.stringify(alg)}`, 'ALGORITHM_REFUSED', present, alg, pss());
  }

  for (const alg of ['none', 'nOnE']) {
    const header = licenseHeader(present, { alg });
    group.invalid(`${alg}, without a signature`, ['AlgorithmNone'], 'ALGORITHM_REFUSED', {
      jws: `${encode(header)}.${encode(claims)}.`,
    });
  }
  group.invalid('none, and a good signature', ['AlgorithmNone'], 'ALGORITHM_REFUSED', {
    jws: jws(licenseHeader(present, { alg: 'none' }), claims, present.privateKey),
  });
}
