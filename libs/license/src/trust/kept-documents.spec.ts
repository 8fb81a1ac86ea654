import { EditionLadder } from '../core/editions.js';
import { signRevocation } from '../issuing/sign.js';
import type { LicenseClaims, RevocationClaims } from '../protocol/claims.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { acceptLicense, acceptNext } from './accept-license.js';
import type { Judgement, TrustPolicy } from './judgement.js';
import { TrustedState } from './trusted-state.js';

const dayS = 24 * 60 * 60;
const dayMs = dayS * 1000;

let clock: ManualClock;
let issuer: TestIssuer;
let policy: TrustPolicy;
let state: TrustedState;
beforeAll(async () => {
  issuer = await TestIssuer.create('agent-os', new ManualClock());
});
beforeEach(() => {
  clock = new ManualClock();
  state = new TrustedState(clock);
  policy = {
    keys: TrustedKeyRing.from({ ...issuer.trustedKeys }),
    editions: new EditionLadder(),
    product: null,
    deploymentId: null,
  };
});

const nowS = (): number => clock.wallMs() / 1000;
const offer = (changes: Partial<LicenseClaims>): Judgement =>
  acceptLicense({ origin: 'reply', license: issuer.issue(changes) }, state, policy);
const revoke = (changes: Partial<RevocationClaims>): Judgement => {
  const claims = { v: 1, iss: 'test-vendor', iat: nowS(), serial: 1, revoked: [], ...changes } as const;
  const revocation = signRevocation(claims, issuer.key);
  return acceptLicense({ origin: 'reply', license: null, revocation }, state, policy);
};
const tomorrow = (serial: number, more: Partial<LicenseClaims> = {}): Partial<LicenseClaims> => ({
  serial,
  nbf: nowS() + dayS,
  ...more,
});

describe('the license that is kept for later', () => {
  it('is the one with the highest serial, and of two with the same the first', () => {
    offer(tomorrow(2));
    offer(tomorrow(3, { jti: 'first' }));
    offer(tomorrow(3, { jti: 'second' }));
    offer(tomorrow(1));
    expect(state.next?.license.id).toBe('first');
  });

  it('stays when an older one comes into force meanwhile, and goes when a newer one does', () => {
    offer(tomorrow(5));
    offer({ serial: 4 });
    expect([state.isActive(), state.next?.license.serial]).toEqual([true, 5]);
    offer({ serial: 6 });
    expect(state.next).toBeNull();
  });

  it('stays when what comes meanwhile has ended', () => {
    offer(tomorrow(5));
    offer({ serial: 6, exp: nowS() - 1 });
    expect(state.next?.license.serial).toBe(5);
  });

  it('goes when the vendor revokes it, and only then', () => {
    offer(tomorrow(5, { jti: 'next' }));
    revoke({ serial: 1, revoked: ['other'] });
    expect(state.next?.license.id).toBe('next');
    revoke({ serial: 2, revoked: ['next'] });
    expect(state.next).toBeNull();
  });

  it('is judged again without a word from anybody, and there may be none', () => {
    expect(acceptNext(state, policy, 'file')).toBeNull();
    offer(tomorrow(5));
    expect(acceptNext(state, policy, 'file')).toBeNull();
    clock.advance(dayMs);
    expect(acceptNext(state, policy, 'file')?.verdict.outcome).toBe('accepted');
  });

  it('was not issued in the future as long as its day of issue is at most 24 hours away', () => {
    const codes = [nowS() + dayS, nowS() + dayS + 1].map((iat) => {
      const { verdict } = offer(tomorrow(5, { iat, nbf: nowS() + 9 * dayS }));
      return 'error' in verdict ? verdict.error.code : verdict.outcome;
    });
    expect(codes).toEqual(['NOT_YET_VALID', 'ISSUED_IN_FUTURE']);
  });
});

describe('the ended license that is shown when there is none in force', () => {
  it('is the one with the highest serial, and of two with the same the first', () => {
    const ended = { exp: nowS() - 1 };
    offer({ ...ended, serial: 2 });
    offer({ ...ended, serial: 3, jti: 'first' });
    offer({ ...ended, serial: 3, jti: 'second' });
    offer({ ...ended, serial: 1 });
    expect(state.current?.signed.license.id).toBe('first');
    expect(state.standing()).toBe('expired');
  });
});

describe('licenses of two products, where the app takes any', () => {
  it('are not compared by their serials', () => {
    offer({ serial: 9, aud: 'one' });
    expect(offer({ serial: 1, aud: 'two' }).verdict.outcome).toBe('accepted');
  });
});

describe('a revocation list', () => {
  it('is no news when it comes again, and refused when another one carries its serial', () => {
    const list = { serial: 4, revoked: ['a'] };
    const claims = { v: 1, iss: 'test-vendor', iat: nowS(), ...list } as const;
    const revocation = signRevocation(claims, issuer.key);
    for (const _ of [1, 2]) {
      const { revocationError } = acceptLicense(
        { origin: 'reply', license: null, revocation },
        state,
        policy,
      );
      expect(revocationError).toBeNull();
    }
    expect(revoke({ serial: 4, revoked: [] }).revocationError).toMatchObject({
      code: 'ROLLBACK',
      message: 'revocation list 4 is not newer than list 4, which is known already',
    });
    expect(state.revocation?.revoked).toEqual(new Set(['a']));
  });

  it('is kept for the issuer of the license in force, else the one that was learned last', () => {
    expect(state.revocation).toBeNull();
    revoke({ iss: 'one', serial: 1 });
    revoke({ iss: 'two', serial: 2 });
    expect(state.revocation?.issuer).toBe('two');
    offer({ iss: 'one' });
    expect(state.revocation?.issuer).toBe('one');
  });

  it('carries the time on like a license does, unless it was issued more than a day ahead', () => {
    clock.setWall(clock.wallMs() - 10 * dayMs); // the machine's clock is behind
    revoke({ serial: 1, iat: nowS() });
    expect(state.floor.valueMs).toBe(clock.wallMs());
    revoke({ serial: 2, iat: nowS() + dayS + 1 });
    expect(state.floor.valueMs).toBe(clock.wallMs());
    revoke({ serial: 3, iat: nowS() + dayS });
    expect(state.floor.valueMs).toBe(clock.wallMs() + dayMs);
  });
});
