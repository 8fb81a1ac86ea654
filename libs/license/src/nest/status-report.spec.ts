import type { LicenseStatus } from '../core/status.js';
import { isSameToSubscribers } from './status-report.js';

const picture = (): LicenseStatus => ({
  active: true,
  state: 'active',
  reason: 'licensed',
  message: 'this deployment runs enterprise (licensed)',
  edition: 'enterprise',
  features: { sso: true },
  limits: { apps: 10 },
  license: {
    id: 'license-1',
    serial: 1,
    product: 'agent-os',
    customer: 'Acme',
    trial: false,
    nonProduction: false,
  },
  expiresAt: new Date(1_000),
  graceEndsAt: null,
  source: 'broadcast',
  next: null,
  freshness: 'fresh',
  clockOffsetMs: 0,
  clockRolledBack: false,
  persisted: true,
  persistError: null,
  lastRefusal: null,
});

describe('a status is told again', () => {
  it('not when all of it is as before', () => {
    expect(isSameToSubscribers(picture(), picture())).toBe(true);
  });

  it.each<[string, Partial<LicenseStatus>]>([
    ['the server’s clock', { clockOffsetMs: 1_500 }],
    [
      'the last refusal',
      { lastRefusal: { code: 'EXPIRED', message: 'it ended', origin: 'broadcast', at: new Date(0) } },
    ],
  ])('not for %s alone', (_, change) => {
    expect(isSameToSubscribers(picture(), { ...picture(), ...change })).toBe(true);
  });

  it.each<[string, Partial<LicenseStatus>]>([
    ['a date', { expiresAt: new Date(2_000) }],
    ['a date that it had', { expiresAt: null }],
    ['a date that it has now', { graceEndsAt: new Date(2_000) }],
    [
      'the license',
      { license: { ...(picture().license as NonNullable<LicenseStatus['license']>), serial: 2 } },
    ],
    ['no license any more', { license: null }],
    ['a license for later', { next: { id: 'license-2', serial: 2 } }],
    ['a feature', { features: { sso: true, audit: true } }],
    ['a limit', { limits: { apps: 11 } }],
    ['a word', { freshness: 'stale' }],
  ])('for %s', (_, change) => {
    expect(isSameToSubscribers(picture(), { ...picture(), ...change })).toBe(false);
    expect(isSameToSubscribers({ ...picture(), ...change }, picture())).toBe(false);
  });
});
