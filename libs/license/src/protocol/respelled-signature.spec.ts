import { generateSigningKey, publicJwk } from '../issuing/keys.js';
import { signRevocation } from '../issuing/sign.js';
import { codeOf } from '../testing/throws-with-code.js';
import type { RevocationClaims } from './claims.js';
import { decodePart, encodePart } from './compact.js';
import { readUnverifiedRevocation, verifySignedRevocation } from './signed-license.js';
import { TrustedKeyRing } from './trusted-keys.js';

const claims: RevocationClaims = { v: 1, iss: 'vendor', iat: 1_800_000_000, serial: 3, revoked: ['lic-1'] };

describe('a signature that is a number beginning with zero', () => {
  it('has one spelling: neither without its zeros nor with more of them does it verify', async () => {
    const key = await generateSigningKey(2048);
    const keys = TrustedKeyRing.from({ ...publicJwk(key) });
    // One in 256 begins with a zero byte. OpenSSL would take it without that byte, too.
    let jws = '';
    let signature: Buffer;
    do {
      jws = signRevocation(claims, key);
      signature = decodePart(jws.split('.')[2] ?? '', 'signature');
    } while (signature[0] !== 0);
    const respelled = (bytes: Uint8Array): string =>
      [...jws.split('.').slice(0, 2), encodePart(bytes)].join('.');

    expect(verifySignedRevocation(jws, keys).serial).toBe(3);
    for (const bytes of [signature.subarray(1), Buffer.concat([Buffer.alloc(1), signature])]) {
      expect(codeOf(() => verifySignedRevocation(respelled(bytes), keys))).toBe('SIGNATURE_INVALID');
    }
  });
});

describe('a revocation list read without its signature', () => {
  it('shows what it says and who claims to have signed it', async () => {
    const { kid, ...key } = await generateSigningKey(2048);
    const jws = signRevocation(claims, { ...key, kid });
    const [header = '', payload = ''] = jws.split('.');
    for (const text of [jws, `${header}.${payload}.AAAA`]) {
      expect(readUnverifiedRevocation(text)).toStrictEqual({
        alg: 'PS256',
        kid,
        issuer: 'vendor',
        serial: 3,
        issuedAtMs: 1_800_000_000_000,
        revoked: new Set(['lic-1']),
      });
    }
  });
});
