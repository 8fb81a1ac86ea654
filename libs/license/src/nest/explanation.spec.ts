import type { LicenseModuleOptions, LicenseQuestion } from '@latchkey/license';

import { ring } from '../../test/hand-made-instance.js';
import { OfflineApp } from '../../test/offline-app.js';
import { signRevocation } from '../issuing/sign.js';
import type { LicenseClaims } from '../protocol/claims.js';
import { sealedMessage } from '../protocol/messages.js';
import { sealLicense } from '../protocol/sealed-license.js';
import { TestIssuer } from '../testing/test-issuer.js';

const dayMs = 24 * 60 * 60 * 1000;

describe('an explanation', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;
  const secrets = /Test Customer|customer-1|license-\d|test-vendor|20\d\d-/;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  afterEach(() => app.stop());
  const start = async (options: LicenseModuleOptions = {}): Promise<OfflineApp> => {
    app = await new OfflineApp(issuer, { community: { limits: { apps: 3 } }, ...options }).start();
    return app;
  };
  const nowS = () => Math.floor(app.clock.wallMs() / 1000);
  const licensed = async (claims: Partial<LicenseClaims>, options?: LicenseModuleOptions): Promise<void> => {
    await start(options);
    app.source.broadcast(issuer.issue(claims));
  };
  const answer = (granted: boolean, reason: string, message: string, advisory = false) => ({
    granted,
    reason,
    message,
    advisory,
  });

  it('of what the license includes says that it is on', async () => {
    await licensed({ features: { workflow: 'large' }, limits: { apps: 10 } });
    const { license } = app;
    expect(license.explain('workflow')).toEqual(
      answer(true, 'licensed', 'The feature workflow is on: the license of this deployment includes it.'),
    );
    expect(license.explain({ edition: 'professional' })).toEqual(
      answer(true, 'licensed', 'The professional edition is on: this deployment runs enterprise.'),
    );
    expect(license.explain({ limit: 'apps', wanted: 10 })).toEqual(
      answer(true, 'licensed', '10 apps are allowed: the limit is 10.'),
    );
    expect(license.explain({ limit: 'users', wanted: 9999 })).toEqual(
      answer(true, 'licensed', '9999 users are allowed: there is no limit.'),
    );
    expect(Object.isFrozen(license.explain('workflow'))).toBe(true);
  });

  it('of what a license does not include says that it is the license', async () => {
    await licensed({ edition: 'professional', limits: { apps: 10 } });
    const { license } = app;
    expect(license.explain('workflow')).toEqual(
      answer(
        false,
        'not-entitled',
        'The feature workflow is off: the license of this deployment does not include it.',
      ),
    );
    expect(license.explain({ edition: 'enterprise' })).toEqual(
      answer(false, 'not-entitled', 'The enterprise edition is off: this deployment runs professional.'),
    );
    expect(license.explain({ limit: 'apps', wanted: 11 })).toEqual(
      answer(
        false,
        'limit-exceeded',
        '11 apps are too many: the limit is 10 by the license of this deployment.',
      ),
    );
    expect(license.explain({ limit: 'apps', wanted: NaN }).granted).toBe(false);
  });

  it('of what needs no license says so', async () => {
    await start();
    app.source.lose();
    expect(app.license.explain({ edition: 'community' })).toEqual(
      answer(true, 'without-license', 'The community edition is on: every deployment has it.'),
    );
    expect(app.license.explain({ limit: 'apps', wanted: 3 })).toEqual(
      answer(true, 'without-license', '3 apps are allowed: the limit is 3.'),
    );
    expect(app.license.explain({ limit: 'apps', wanted: 4 })).toEqual(
      answer(
        false,
        'absent',
        '4 apps are too many: the limit is 3; this deployment runs community (no license key found).',
      ),
    );
  });

  it.each<[string, Partial<LicenseClaims> | null, string, string]>([
    ['there is none', null, 'absent', 'no license key found'],
    ['it has expired', { iat: 1, exp: 2 }, 'expired', 'the license has expired'],
    ['it begins later', { nbf: 4e9, exp: 5e9 }, 'not-yet-valid', 'the license is not valid yet'],
    ['it is for another product', { aud: 'other' }, 'wrong-product', 'the license is for another product'],
    [
      'it is for another deployment',
      { deployments: ['eu-1'] },
      'wrong-deployment',
      'the license is for another deployment',
    ],
    [
      'its edition is unknown here',
      { edition: 'galactic' },
      'unknown-edition',
      'the license names an edition',
    ],
  ])('without a license in force says why: %s', async (_what, claims, reason, words) => {
    await start();
    if (claims === null) app.source.lose();
    else app.source.broadcast(issuer.issue({ features: { workflow: true }, ...claims }));
    for (const question of ['workflow', { edition: 'enterprise' }] as LicenseQuestion[]) {
      const explanation = app.license.explain(question);
      expect(explanation).toMatchObject({ granted: false, reason, advisory: false });
      expect(explanation.message).toContain(`is off: this deployment runs community (${words}`);
      expect(explanation.message).not.toMatch(secrets);
    }
  });

  it('while the first answer is awaited says that', async () => {
    await start();
    expect(app.license.explain('workflow')).toEqual(
      answer(
        false,
        'pending',
        'The feature workflow is off: this deployment runs community (the license has not been loaded yet).',
      ),
    );
  });

  it('of licensing that is not set up, or wrongly, says that', async () => {
    await start({ encryptionKeys: undefined, adapters: { store: null, source: null } });
    expect(app.license.explain('workflow').reason).toBe('not-configured');
    await app.stop();
    await start({ encryptionKeys: undefined, environment: { LICENSE: 'nonsense', NATS_URL: 'off' } });
    expect(app.license.explain('workflow').reason).toBe('misconfigured');
  });

  it('of a revoked license says that', async () => {
    await start();
    const license = issuer.issue({ features: { workflow: true }, jti: 'lic-1' });
    app.source.broadcast(license);
    expect(app.license.explain('workflow').granted).toBe(true);
    const list = { v: 1, iss: 'test-vendor', iat: nowS(), serial: 1, revoked: ['lic-1'] } as const;
    const revocation = signRevocation(list, issuer.key);
    const sealed = sealLicense({ sealedAtMs: app.clock.wallMs(), server: 's', license, revocation }, ring);
    app.source.put(JSON.stringify({ pattern: 'license.key', data: sealedMessage(sealed) }));
    expect(app.license.explain('workflow').reason).toBe('revoked');
  });

  it('of a license that has ended, although the clock of the machine says otherwise, blames the clock', async () => {
    await start();
    app.source.broadcast(issuer.issue({ iat: nowS(), exp: nowS() + 3600, features: { workflow: true } }));
    app.clock.setWall(app.clock.wallMs() - 2 * dayMs);
    expect(app.license.explain('workflow').reason).toBe('licensed');
    app.clock.advance(3 * 3600 * 1000);
    const explanation = app.license.explain('workflow');
    expect(explanation).toMatchObject({ granted: false, reason: 'clock-rolled-back' });
    expect(explanation.message).toContain('the system clock stands before the last time the vendor signed');
    app.clock.setWall(app.clock.wallMs() + 2 * dayMs);
    expect(app.license.explain('workflow').reason).toBe('expired');
  });

  it('in the grace period says that it still works', async () => {
    await start();
    app.source.broadcast(
      issuer.issue({ license_expires: nowS() + 60, exp: nowS() + 120, features: { sso: true } }),
    );
    app.clock.advance(60_000);
    expect(app.license.explain('sso')).toMatchObject({ granted: true, reason: 'grace' });
  });

  it('of a name that the app does not know says so, and which one may be meant', async () => {
    await licensed({ features: { workflow: true } }, { features: ['workflow', 'audit-log'] });
    expect(app.license.explain('audit-logs')).toEqual(
      answer(
        false,
        'unknown-name',
        'The feature audit-logs is off: this app knows no such name; did you mean audit-log?',
      ),
    );
    expect(app.license.explain({ edition: 'galactic' })).toEqual(
      answer(false, 'unknown-name', 'The galactic edition is off: this app knows no such name.'),
    );
  });

  it('agrees with what the service answers, whatever is asked', async () => {
    await licensed({ features: { workflow: 0 }, limits: { apps: 2 } });
    const { license } = app;
    for (const name of ['workflow', 'sso', 'constructor', '__proto__']) {
      expect(license.explain(name).granted).toBe(license.hasFeature(name));
    }
    for (const edition of ['community', 'enterprise', 'flagship', 'galactic', 'constructor']) {
      expect(license.explain({ edition }).granted).toBe(license.hasEdition(edition));
    }
  });
});
