import { TrustedKeyRing, verifySignedLicense, type LicenseClaims } from '@latchkey/license/protocol';
import { ManualClock, TestIssuer } from '@latchkey/license/testing';

import { ServedLicense } from './served-license.js';

const nowMs = new ManualClock().wallMs();
const dayMs = 24 * 60 * 60 * 1000;

let issuer: TestIssuer;
let served: ServedLicense;

beforeAll(async () => {
  issuer = await TestIssuer.create('agent-os', new ManualClock());
});

beforeEach(() => {
  served = new ServedLicense();
});

function offer(changes: Partial<LicenseClaims>, atMs = nowMs): boolean {
  const signed = verifySignedLicense(issuer.issue(changes), TrustedKeyRing.from(issuer.trustedKeys));
  return served.offer(signed, atMs);
}

describe('the license being served', () => {
  it('is none at first, then the first that is offered', () => {
    expect(served.current).toBeNull();
    expect(offer({ serial: 7 })).toBe(true);
    expect(served.current?.license.serial).toBe(7);
  });

  it.each<[string, Partial<LicenseClaims>]>([
    ['a higher serial', { serial: 8 }],
    ['a higher serial, though it has ended already', { serial: 8, exp: nowMs / 1000 - 1 }],
    ['a higher serial, though it is not valid yet', { serial: 8, nbf: nowMs / 1000 + 1 }],
    ['another vendor', { iss: 'other-vendor', serial: 1 }],
    ['another product', { aud: 'other-product', serial: 1 }],
  ])('gives way to one of %s', (_, changes) => {
    offer({ serial: 7 });
    expect(offer({ jti: 'other', ...changes })).toBe(true);
    expect(served.current?.license.id).toBe('other');
  });

  it('stays when it is offered again', () => {
    const signed = verifySignedLicense(issuer.issue(), TrustedKeyRing.from(issuer.trustedKeys));
    expect(served.offer(signed, nowMs)).toBe(true);
    expect(served.offer(signed, nowMs)).toBe(false);
  });

  it.each([
    ['an older one', { serial: 6 }, 'ROLLBACK'],
    ['another one of its serial', { serial: 7 }, 'SERIAL_CONFLICT'],
  ])('does not give way to %s until it has ended', (_, changes, code) => {
    const exp = (nowMs + dayMs) / 1000;
    offer({ jti: 'served', serial: 7, exp });
    for (const atMs of [nowMs, nowMs + dayMs - 1]) {
      expect(() => offer({ jti: 'other', ...changes }, atMs)).toThrow(expect.objectContaining({ code }));
    }
    expect(served.current?.license.id).toBe('served');
    expect(offer({ jti: 'other', ...changes }, nowMs + dayMs)).toBe(true);
    expect(served.current?.license.id).toBe('other');
  });

  it('gives way to an older one while it is not valid yet itself', () => {
    offer({ serial: 7, nbf: (nowMs + dayMs) / 1000 });
    expect(offer({ jti: 'older', serial: 6 })).toBe(true);
    expect(served.current?.license.id).toBe('older');
  });
});
