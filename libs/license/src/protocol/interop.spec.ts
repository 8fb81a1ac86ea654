import { compactDecrypt, CompactEncrypt, CompactSign, compactVerify, importJWK } from 'jose';

import { generateEncryptionKey, generateSigningKey, publicJwk, type SigningKey } from '../issuing/keys.js';
import { signLicense } from '../issuing/sign.js';
import type { LicenseClaims } from './claims.js';
import { parseEncryptionKeys } from './encryption-keys.js';
import { openSealedLicense, sealLicense } from './sealed-license.js';
import { verifySignedLicense } from './signed-license.js';
import { TrustedKeyRing } from './trusted-keys.js';

const claims: LicenseClaims = {
  v: 1,
  iss: 'example-vendor',
  sub: 'customer-1',
  customer: { name: 'Beispiel & Söhne' },
  aud: 'agent-os',
  jti: 'lic-1',
  serial: 7,
  iat: 1_800_000_000,
  exp: 1_900_000_000,
  license_expires: 1_890_000_000,
  edition: 'enterprise',
  features: { workflow: true, tier: 'gold', seats: 5 },
  limits: { users: 500, apps: -1 },
};

describe('the formats, read and written by jose', () => {
  let key: SigningKey;
  let keys: TrustedKeyRing;
  beforeAll(async () => {
    key = await generateSigningKey(2048);
    keys = TrustedKeyRing.from({ ...publicJwk(key) });
  });

  it('a license signed here verifies with jose', async () => {
    const jws = signLicense(claims, key);
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK({ ...publicJwk(key) }), {
      algorithms: ['PS256'],
    });
    expect(protectedHeader).toEqual({ alg: 'PS256', kid: key.kid, typ: 'license+jwt' });
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(claims);
  });

  it('a license signed with jose verifies here', async () => {
    const jws = await new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ alg: 'PS256', kid: key.kid, typ: 'license+jwt' })
      .sign(key.privateKey);
    const { license, kid } = verifySignedLicense(jws, keys);
    expect(kid).toBe(key.kid);
    expect(license).toMatchObject({
      id: 'lic-1',
      issuer: 'example-vendor',
      product: 'agent-os',
      customer: { id: 'customer-1', name: 'Beispiel & Söhne' },
      serial: 7,
      softEndMs: 1_890_000_000_000,
      hardEndMs: 1_900_000_000_000,
      edition: 'enterprise',
    });
    expect({ ...license.features }).toEqual(claims.features);
    expect({ ...license.limits }).toEqual(claims.limits);
  });

  it('an envelope sealed here opens with jose, and one sealed with jose opens here', async () => {
    const text = generateEncryptionKey('2026-11');
    const ring = parseEncryptionKeys(text);
    const secret = Buffer.from(text.slice('2026-11:'.length), 'base64url');

    const sealed = sealLicense({ sealedAtMs: 1_800_000_000_500, server: 'ls-1', license: 'a.b.c' }, ring);
    const opened = await compactDecrypt(sealed, secret);
    expect(opened.protectedHeader).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: '2026-11',
      typ: 'sealed-license+jwe',
    });
    const content = { v: 1, iat: 1_800_000_000, server: 'ls-1', license: 'a.b.c' };
    expect(JSON.parse(Buffer.from(opened.plaintext).toString())).toEqual(content);

    const foreign = await new CompactEncrypt(Buffer.from(JSON.stringify(content)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: '2026-11', typ: 'sealed-license+jwe' })
      .encrypt(secret);
    expect(openSealedLicense(foreign, ring)).toEqual({
      sealedAtMs: 1_800_000_000_000,
      server: 'ls-1',
      license: 'a.b.c',
    });
  });
});
