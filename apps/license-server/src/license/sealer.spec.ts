import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generateEncryptionKey, signRevocation } from '@latchkey/license/issuing';
import { openSealedLicense, parseEncryptionKeys, TrustedKeyRing } from '@latchkey/license/protocol';
import { ManualClock, TestIssuer } from '@latchkey/license/testing';

import { sealerOf } from '../../test/sealer-of.js';
import type { Sealer } from './sealer.js';

describe('the sealer', () => {
  let issuer: TestIssuer;
  let directory: string;
  let revocationsPath: string;
  let clock: ManualClock;
  const first = generateEncryptionKey('first');
  let ring = parseEncryptionKeys(first);

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'latchkey-sealer-'));
    revocationsPath = join(directory, 'revocations.jwt');
    clock = new ManualClock();
    ring = parseEncryptionKeys(first);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const start = (): Sealer => {
    const trustedKeys = TrustedKeyRing.from(issuer.trustedKeys);
    return sealerOf({ encryptionKeys: ring, trustedKeys, revocationsPath, serverId: 'server-1' }, clock);
  };
  const revoke = (serial: number, ...revoked: string[]): string => {
    const list = { v: 1, iss: 'test-vendor', iat: clock.wallMs() / 1000, serial, revoked } as const;
    const jws = signRevocation(list, issuer.key);
    writeFileSync(revocationsPath, jws);
    return jws;
  };
  const open = (sealed: string) => openSealedLicense(sealed, ring);

  it('seals anew each time', () => {
    const sealer = start();
    const sealed = sealer.seal('a.b.c');
    expect(open(sealed)).toEqual({ sealedAtMs: clock.wallMs(), server: 'server-1', license: 'a.b.c' });
    expect(sealer.seal('a.b.c')).not.toBe(sealed);
  });

  it('puts the revocation list beside every license, and beside none', () => {
    const revocation = revoke(1, 'lic-1');
    const sealer = start();
    expect(open(sealer.seal('a.b.c'))).toMatchObject({ license: 'a.b.c', revocation });
    expect(open(sealer.shared(null))).toMatchObject({ license: null, revocation });
  });

  it('leaves out a list that does not fit, and says so: no license is lost for it', () => {
    revoke(1, ...Array.from({ length: 200 }, (_, i) => `${i}`.padEnd(100, 'x')));
    const sealer = start();
    expect(open(sealer.seal('a'.repeat(20_000)))).not.toHaveProperty('revocation');
    expect(sealer.problems.map(({ code }) => code)).toEqual(['TOO_LARGE']);
    expect(open(sealer.seal('a.b.c'))).toHaveProperty('revocation');
    expect(sealer.problems).toEqual([]);
    expect(() => sealer.seal('a'.repeat(40_000))).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });

  describe('shares one envelope among replies', () => {
    it('for a minute', () => {
      const sealer = start();
      const sealed = sealer.shared('a.b.c');
      clock.advance(59_999);
      clock.setWall(0);
      expect(sealer.shared('a.b.c')).toBe(sealed);
      clock.advance(1);
      expect(sealer.shared('a.b.c')).not.toBe(sealed);
    });

    it('of the same license', () => {
      const sealer = start();
      const licenseOf = (sealed: string): string | null => open(sealed).license;
      expect(licenseOf(sealer.shared(null))).toBeNull();
      expect(licenseOf(sealer.shared('a.b.c'))).toBe('a.b.c');
      expect(licenseOf(sealer.shared('d.e.f'))).toBe('d.e.f');
      expect(licenseOf(sealer.shared(null))).toBeNull();
    });

    it('with the same revocation list', () => {
      const sealer = start();
      expect(open(sealer.shared('a.b.c'))).not.toHaveProperty('revocation');
      const revocation = revoke(1, 'lic-1');
      clock.advance(1000);
      expect(open(sealer.shared('a.b.c'))).toMatchObject({ revocation });
    });

    it('under the same key', () => {
      const sealer = start();
      const sealed = sealer.shared('a.b.c');
      const second = generateEncryptionKey('second');
      ring.replaceWith(parseEncryptionKeys(`${second},${first}`));
      expect(sealer.shared('a.b.c')).not.toBe(sealed);
      expect(openSealedLicense(sealer.shared('a.b.c'), parseEncryptionKeys(second)).license).toBe('a.b.c');
    });
  });
});
