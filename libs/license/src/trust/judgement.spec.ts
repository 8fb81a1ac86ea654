import { EditionLadder } from '../core/editions.js';
import { generateEncryptionKey } from '../issuing/keys.js';
import { signRevocation } from '../issuing/sign.js';
import type { LicenseClaims } from '../protocol/claims.js';
import { parseEncryptionKeys } from '../protocol/encryption-keys.js';
import { sealLicense } from '../protocol/sealed-license.js';
import { TrustedKeyRing } from '../protocol/trusted-keys.js';
import { ManualClock } from '../testing/manual-clock.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { codeOf } from '../testing/throws-with-code.js';
import { acceptLicense, openAndAccept } from './accept-license.js';
import type { Judgement, TrustPolicy } from './judgement.js';
import { TrustedState } from './trusted-state.js';

const dayS = 24 * 60 * 60;

let clock: ManualClock;
let issuer: TestIssuer;
let policy: TrustPolicy;
let state: TrustedState;
beforeAll(async () => {
  clock = new ManualClock();
  issuer = await TestIssuer.create('agent-os', clock);
});
beforeEach(() => {
  clock = new ManualClock();
  state = new TrustedState(clock);
  policy = {
    keys: TrustedKeyRing.from({ ...issuer.trustedKeys }),
    editions: new EditionLadder(),
    product: 'agent-os',
    deploymentId: null,
  };
});

const nowS = (): number => clock.wallMs() / 1000;
const judge = (license: string | null, revocation?: string): Judgement =>
  acceptLicense(
    { origin: 'reply', license, ...(revocation === undefined ? {} : { revocation }) },
    state,
    policy,
  );
const revoke = (serial: number, revoked: string[]): string =>
  signRevocation({ v: 1, iss: 'test-vendor', iat: nowS(), serial, revoked }, issuer.key);

describe('a refusal', () => {
  it.each<[string, Partial<LicenseClaims>, string | null, string]>([
    [
      'for another product',
      { aud: 'other' },
      null,
      'expected a license for agent-os, found one for other: install the license of this product',
    ],
    [
      'for other deployments, on one without an id',
      { deployments: ['a', 'b'] },
      null,
      'expected a license that lists this deployment, found one for 2 others (LICENSE_DEPLOYMENT_ID is not set)',
    ],
    [
      'for other deployments',
      { deployments: ['a'] },
      'eu-1',
      'expected a license that lists this deployment, found one for 1 others (this is eu-1)',
    ],
    [
      'of an unknown edition',
      { edition: 'galactic' },
      null,
      'expected one of the editions community, professional, enterprise, flagship, found galactic: upgrade this service',
    ],
    ['that was revoked', { jti: 'bad' }, null, 'license bad was revoked by the vendor: ask for a new one'],
    [
      'of a lower serial',
      { serial: 4 },
      null,
      'license serial 4 is older than serial 5, which is in force: somebody is handing out an old file',
    ],
    [
      'of the same serial',
      { serial: 5, sub: 'other' },
      null,
      'two different licenses carry the serial 5: the vendor has to issue one of them again',
    ],
    [
      'that has ended',
      { jti: 'old', serial: 6, exp: Date.UTC(2026, 11, 31) / 1000 },
      null,
      'license old ended at 2026-12-31T00:00:00.000Z: renew it, or check the system clock',
    ],
    [
      'that begins later',
      { jti: 'new', serial: 6, nbf: Date.UTC(2027, 0, 2) / 1000 },
      null,
      'license new begins at 2027-01-02T00:00:00.000Z, and it is 2027-01-01T00:00:00.000Z here: it is kept and takes over then; check the system clock if that is wrong',
    ],
    [
      'issued in the future',
      { jti: 'new', serial: 6, iat: Date.UTC(2027, 0, 3) / 1000 },
      null,
      'license new was issued at 2027-01-03T00:00:00.000Z, and it is 2027-01-01T00:00:00.000Z here: check the system clock; the license is kept and tried again',
    ],
  ])(
    'of a license %s says what was expected, what was found, and what to do',
    (_, changes, deploymentId, message) => {
      policy = { ...policy, deploymentId };
      judge(issuer.issue({ serial: 5 }), revoke(1, ['bad']));
      const { verdict } = judge(issuer.issue({ serial: 9, ...changes }));
      expect(verdict).toMatchObject({ error: { message } });
    },
  );

  it('tells what the vendor signed from what nobody did', async () => {
    const stranger = await TestIssuer.create('agent-os', clock);
    judge(issuer.issue({ serial: 5 }));
    for (const changes of [{ aud: 'other' }, { serial: 4 }, { serial: 6, exp: nowS() - 1 }]) {
      expect(judge(issuer.issue(changes)).verdict).toMatchObject({ outcome: 'refused', vendorSigned: true });
    }
    expect(judge(stranger.issue()).verdict).toMatchObject({ outcome: 'refused', vendorSigned: false });
  });

  it('is not what becomes of a mistake in the program', () => {
    policy = { ...policy, keys: undefined as unknown as TrustedKeyRing };
    expect(() => judge(issuer.issue())).toThrow(TypeError);
    expect(() => judge(null, revoke(1, []))).toThrow(TypeError);
  });
});

describe('a license in its grace period', () => {
  it('is accepted like any other', () => {
    const { verdict } = judge(issuer.issue({ license_expires: nowS() - dayS }));
    expect(verdict.outcome).toBe('accepted');
    expect([state.isActive(), state.standing()]).toEqual([true, 'grace']);
  });
});

describe('an envelope', () => {
  const sealedAtMs = Date.UTC(2027, 0, 1);

  it('is opened, and what is in it is judged', () => {
    const ring = parseEncryptionKeys(generateEncryptionKey());
    const license = issuer.issue();
    const envelope = { sealedAtMs, server: 'server-1', license, revocation: revoke(3, ['other']) };
    const judged = openAndAccept(sealLicense(envelope, ring), 'broadcast', ring, state, policy);
    expect(judged).toMatchObject({ envelope, verdict: { outcome: 'accepted' }, revocationError: null });
    expect(state.current).toMatchObject({ origin: 'broadcast', signed: { jws: license } });
    expect(state.revocation?.serial).toBe(3);
  });

  it('that does not open is no word at all', () => {
    const [ring, other] = [generateEncryptionKey('k'), generateEncryptionKey('k')].map(parseEncryptionKeys);
    if (ring === undefined || other === undefined) throw new Error('expected two rings');
    const sealed = sealLicense({ sealedAtMs, server: 's', license: issuer.issue() }, other);
    expect(codeOf(() => openAndAccept(sealed, 'reply', ring, state, policy))).toBe('SEAL_NOT_OPENED');
    expect(state.current).toBeNull();
  });
});
