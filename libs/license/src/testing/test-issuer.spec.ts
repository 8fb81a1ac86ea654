import {
  readUnverifiedLicense,
  verifySignedLicense,
  verifySignedRevocation,
} from '../protocol/signed-license.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { ManualClock } from './manual-clock.js';
import { TestIssuer } from './test-issuer.js';

const dayMs = 24 * 3_600_000;

describe('a test issuer', () => {
  const clock = new ManualClock();
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await TestIssuer.create('my-product', clock);
  });

  it("issues licenses that verify under its keys, and under nobody else's", async () => {
    const license = issuer.issue();
    const keys = TrustedKeyRing.from({ ...issuer.trustedKeys });
    expect(verifySignedLicense(license, keys).jws).toBe(license);
    const other = await TestIssuer.create();
    expect(() => verifySignedLicense(other.issue(), keys)).toThrow('key');
  });

  it('issues an enterprise license for a year from its now, by default', () => {
    const { license } = readUnverifiedLicense(issuer.issue());
    expect(license).toMatchObject({
      product: 'my-product',
      edition: 'enterprise',
      issuedAtMs: clock.wallMs(),
    });
    expect(license.hardEndMs - license.issuedAtMs).toBe(365 * dayMs);
  });

  it('counts the serial up, so that the next license is the newer one', () => {
    const [first, second] = [issuer.claims(), issuer.claims()];
    expect(second.serial).toBe(first.serial + 1);
    expect(second.jti).not.toBe(first.jti);
  });

  it('takes every claim, and leaves out what is undefined', () => {
    const claims = issuer.claims({
      serial: 99,
      features: { workflow: true },
      exp: undefined,
      perpetual: true,
    });
    expect(claims).toMatchObject({ serial: 99, features: { workflow: true }, perpetual: true });
    expect('exp' in claims).toBe(false);
    const { license } = readUnverifiedLicense(issuer.issue({ exp: undefined, perpetual: true }));
    expect(license.hardEndMs).toBe(Infinity);
  });

  it('issues them under the key and of the edition that it was given', async () => {
    const other = await TestIssuer.create('other', clock, { key: issuer.key, edition: 'max' });
    const keys = TrustedKeyRing.from({ ...issuer.trustedKeys });
    expect(verifySignedLicense(other.issue(), keys).license).toMatchObject({
      product: 'other',
      edition: 'max',
    });
  });

  it('revokes: each list is newer than the last, holds all of it, and verifies', () => {
    const keys = TrustedKeyRing.from({ ...issuer.trustedKeys });
    const [first, second] = [issuer.revoke('a', 'b'), issuer.revoke('c')].map((list) =>
      verifySignedRevocation(list, keys),
    );
    expect([...(first?.revoked ?? [])]).toEqual(['a', 'b']);
    expect([...(second?.revoked ?? [])]).toEqual(['a', 'b', 'c']);
    expect(second?.serial).toBe((first?.serial ?? 0) + 1);
    expect(first?.issuer).toBe(readUnverifiedLicense(issuer.issue()).license.issuer);
  });

  it('hands out its public half only', () => {
    expect(Object.keys(issuer.trustedKeys.keys[0] ?? {})).not.toContain('d');
  });
});
