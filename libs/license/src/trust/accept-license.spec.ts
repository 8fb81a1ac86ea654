import { EditionLadder } from '../core/editions.js';
import { signRevocation } from '../issuing/sign.js';
import type { LicenseClaims } from '../protocol/claims.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { acceptLicense, acceptNext } from './accept-license.js';
import type { TrustPolicy, Verdict } from './judgement.js';
import { TrustedState } from './trusted-state.js';

const hourS = 60 * 60;
const dayS = 24 * hourS;
const hourMs = hourS * 1000;
const dayMs = dayS * 1000;

describe('accepting a license', () => {
  const clock = new ManualClock();
  let issuer: TestIssuer;
  let policy: TrustPolicy;
  let state: TrustedState;

  beforeAll(async () => {
    issuer = await TestIssuer.create('agent-os', clock);
  });
  beforeEach(() => {
    policy = {
      keys: TrustedKeyRing.from({ ...issuer.trustedKeys }),
      editions: new EditionLadder(),
      product: 'agent-os',
      deploymentId: null,
    };
    state = new TrustedState(clock);
  });

  const nowS = (): number => Math.floor(clock.wallMs() / 1000);
  const issue = (changes: Partial<LicenseClaims> = {}): string => issuer.issue(changes);
  const offer = (license: string | null, revocation?: string): Verdict =>
    acceptLicense(
      { origin: 'broadcast', license, ...(revocation === undefined ? {} : { revocation }) },
      state,
      policy,
    ).verdict;
  const codeOf = (verdict: Verdict): string => ('error' in verdict ? verdict.error.code : verdict.outcome);
  const serial = (): number | undefined => state.current?.signed.license.serial;

  it('puts a valid license in force', () => {
    expect(codeOf(offer(issue({ serial: 5 })))).toBe('accepted');
    expect(state.isActive()).toBe(true);
    expect(serial()).toBe(5);
  });

  it('takes nothing from "I have none"', () => {
    expect(codeOf(offer(null))).toBe('none');
    offer(issue());
    offer(null);
    expect(state.isActive()).toBe(true);
  });

  describe('step 3: the signature', () => {
    it('refuses a license that somebody else signed, and says that the vendor did not', async () => {
      const stranger = await TestIssuer.create('agent-os', clock);
      expect(offer(stranger.issue())).toMatchObject({
        outcome: 'refused',
        vendorSigned: false,
        error: { code: 'KEY_UNKNOWN' },
      });
      expect(state.current).toBeNull();
    });
  });

  describe('step 5: who it is meant for', () => {
    it.each([
      ['another product', { aud: 'other' }, null, 'PRODUCT_MISMATCH'],
      ['other deployments, on one without an id', { deployments: ['eu-1'] }, null, 'DEPLOYMENT_MISMATCH'],
      ['other deployments', { deployments: ['eu-1'] }, 'us-1', 'DEPLOYMENT_MISMATCH'],
      ['no deployment at all', { deployments: [] }, 'eu-1', 'DEPLOYMENT_MISMATCH'],
      ['this deployment', { deployments: ['us-1', 'eu-1'] }, 'eu-1', 'accepted'],
      ['an edition this version does not know', { edition: 'galactic' }, null, 'EDITION_UNKNOWN'],
    ])('judges a license for %s', (_what, changes, deploymentId, expected) => {
      policy = { ...policy, deploymentId };
      expect(codeOf(offer(issue(changes)))).toBe(expected);
    });

    it('accepts any product of a trusted key when the app names none', () => {
      policy = { ...policy, product: null };
      expect(codeOf(offer(issue({ aud: 'other' })))).toBe('accepted');
    });
  });

  describe('step 6: revocation', () => {
    const revoke = (list: string[], number = 1, changes = {}): string =>
      signRevocation(
        { v: 1, iss: 'test-vendor', iat: nowS(), serial: number, revoked: list, ...changes },
        issuer.key,
      );

    it('ends a license in force, and refuses it from then on', () => {
      const license = issue({ jti: 'bad' });
      offer(license);
      expect(codeOf(offer(license, revoke(['bad'])))).toBe('unchanged');
      expect(state.isActive()).toBe(false);
      expect(state.standing()).toBe('revoked');
      state = new TrustedState(clock);
      expect(codeOf(offer(license, revoke(['bad'])))).toBe('REVOKED');
    });

    it('remembers the list although the license in the same envelope is refused', () => {
      const license = issue({ jti: 'bad' });
      expect(codeOf(offer(issue({ aud: 'other' }), revoke(['bad'])))).toBe('PRODUCT_MISMATCH');
      expect(codeOf(offer(license))).toBe('REVOKED');
    });

    it('is not undone by an older list', () => {
      const license = issue({ jti: 'bad' });
      offer(null, revoke(['bad'], 2));
      const { revocationError } = acceptLicense(
        { origin: 'reply', license, revocation: revoke([], 1) },
        state,
        policy,
      );
      expect(revocationError?.code).toBe('ROLLBACK');
      expect(codeOf(offer(license))).toBe('REVOKED');
    });

    it('is undone by a newer list of the vendor', () => {
      const license = issue({ jti: 'bad' });
      offer(license, revoke(['bad'], 1));
      expect(codeOf(offer(license, revoke([], 2)))).toBe('accepted');
    });

    it('of another vendor says nothing about this one', () => {
      const license = issue({ jti: 'bad' });
      expect(codeOf(offer(license, revoke(['bad'], 1, { iss: 'somebody-else' })))).toBe('accepted');
    });

    it('lets any other valid license take over, also one with a lower serial', () => {
      offer(issue({ jti: 'bad', serial: 9 }));
      expect(codeOf(offer(issue({ serial: 3 }), revoke(['bad'])))).toBe('accepted');
      expect(serial()).toBe(3);
    });

    it('of another vendor does not lift the list of this one', () => {
      const license = issue({ jti: 'bad' });
      offer(null, revoke(['bad'], 1));
      offer(null, revoke([], 9, { iss: 'somebody-else' }));
      expect(codeOf(offer(license))).toBe('REVOKED');
      expect(state.revocationOf('test-vendor')?.serial).toBe(1);
    });

    it('that nobody signed changes nothing', async () => {
      const stranger = await TestIssuer.create('agent-os', clock);
      const license = issue({ jti: 'bad' });
      const forged = signRevocation(
        { v: 1, iss: 'test-vendor', iat: nowS(), serial: 9, revoked: ['bad'] },
        stranger.key,
      );
      expect(codeOf(offer(license, forged))).toBe('accepted');
      expect(state.revocation).toBeNull();
    });
  });

  describe('step 7: which one counts', () => {
    it.each([
      ['a lower serial', 4, {}, 'ROLLBACK'],
      ['the same serial with other bytes', 5, { sub: 'other' }, 'SERIAL_CONFLICT'],
      ['a higher serial', 6, {}, 'accepted'],
      [
        'a higher serial with a lower edition: a deliberate downgrade',
        6,
        { edition: 'community' },
        'accepted',
      ],
      ['a lower serial of another issuer', 1, { iss: 'other-vendor' }, 'accepted'],
    ])('against an active license, judges %s', (_what, offered, changes, expected) => {
      offer(issue({ serial: 5 }));
      expect(codeOf(offer(issue({ serial: offered, ...changes })))).toBe(expected);
    });

    it('takes the same bytes as a fresh word, not as a change', () => {
      const license = issue();
      offer(license);
      expect(codeOf(offer(license))).toBe('unchanged');
    });

    it('lets any valid license follow an expired one: an annual license comes back after a trial', () => {
      const annual = issue({ serial: 5, exp: nowS() + 400 * dayS });
      offer(issue({ serial: 7, exp: nowS() + hourS }));
      expect(codeOf(offer(annual))).toBe('ROLLBACK');
      clock.advance(2 * hourMs);
      expect(codeOf(offer(annual))).toBe('accepted');
    });
  });

  describe('step 8: dates', () => {
    it('shows an expired license when there is nothing better, and never lets it displace an active one', () => {
      const ended = issue({ serial: 8, exp: nowS() - 1 });
      expect(codeOf(offer(ended))).toBe('EXPIRED');
      expect([state.isActive(), state.standing()]).toEqual([false, 'expired']);
      offer(issue({ serial: 2 }));
      expect(codeOf(offer(ended))).toBe('EXPIRED');
      expect(serial()).toBe(2);
    });

    it('keeps a license that begins later, and lets it take over by itself', () => {
      offer(issue({ serial: 1, exp: nowS() + 30 * dayS }));
      expect(codeOf(offer(issue({ serial: 2, nbf: nowS() + dayS })))).toBe('NOT_YET_VALID');
      expect(acceptNext(state, policy, 'file')).toBeNull();
      expect(serial()).toBe(1);
      clock.advance(dayMs);
      expect(acceptNext(state, policy, 'file')?.verdict.outcome).toBe('accepted');
      expect([serial(), state.next]).toEqual([2, null]);
    });

    it('keeps it no longer than until it has ended itself', () => {
      offer(issue({ serial: 2, nbf: nowS() + dayS, exp: nowS() + 2 * dayS }));
      clock.advance(3 * dayMs);
      expect(acceptNext(state, policy, 'file')?.verdict).toMatchObject({ error: { code: 'EXPIRED' } });
      expect(state.next).toBeNull();
    });

    it('keeps only the highest of those that begin later', () => {
      offer(issue({ serial: 3, nbf: nowS() + dayS }));
      offer(issue({ serial: 2, nbf: nowS() + dayS }));
      expect(state.next?.license.serial).toBe(3);
    });

    it('keeps aside what was issued more than a day ahead, and speaks of the system clock', () => {
      const verdict = offer(issue({ iat: nowS() + 2 * dayS }));
      expect(codeOf(verdict)).toBe('ISSUED_IN_FUTURE');
      expect('error' in verdict && verdict.error.message).toContain('system clock');
      expect(codeOf(offer(issue({ iat: nowS() + dayS - 10 })))).toBe('accepted');
    });

    it('is in grace between the soft and the hard end, and expired after that, without anybody telling it', () => {
      offer(issue({ license_expires: nowS() + hourS, exp: nowS() + 2 * hourS }));
      expect(state.standing()).toBe('active');
      clock.advance(hourMs);
      expect([state.isActive(), state.standing()]).toEqual([true, 'grace']);
      clock.advance(hourMs);
      expect([state.isActive(), state.standing()]).toEqual([false, 'expired']);
    });

    it('never ends a perpetual license', () => {
      offer(issue({ exp: undefined, perpetual: true }));
      clock.advance(100 * 365 * dayMs);
      expect(state.isActive()).toBe(true);
    });
  });
});
