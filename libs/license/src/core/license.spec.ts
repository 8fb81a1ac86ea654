import { maxIssuedAheadMs, standingOf, type License } from './license.js';

const issuedAtMs = Date.UTC(2027, 0, 1);
const dayMs = 24 * 60 * 60 * 1000;
const license: License = {
  id: 'lic-1',
  issuer: 'example-vendor',
  product: 'agent-os',
  customer: { id: 'customer-1', name: null },
  serial: 1,
  issuedAtMs,
  notBeforeMs: -Infinity,
  softEndMs: issuedAtMs + 365 * dayMs,
  hardEndMs: issuedAtMs + 379 * dayMs,
  edition: 'enterprise',
  features: {},
  limits: {},
  deployments: null,
  trial: false,
  nonProduction: false,
};

describe('where a license stands', () => {
  it.each([
    ['at the moment it is issued', issuedAtMs, 'active'],
    ['a millisecond before its soft end', license.softEndMs - 1, 'active'],
    ['at its soft end', license.softEndMs, 'grace'],
    ['a millisecond before its hard end', license.hardEndMs - 1, 'grace'],
    ['at its hard end', license.hardEndMs, 'expired'],
    ['long after', license.hardEndMs + 10_000 * dayMs, 'expired'],
  ])('%s', (_, nowMs, standing) => {
    expect(standingOf(license, nowMs)).toBe(standing);
  });

  it('without a grace period goes from active to expired', () => {
    const sudden = { ...license, softEndMs: license.hardEndMs };
    expect(standingOf(sudden, license.hardEndMs - 1)).toBe('active');
    expect(standingOf(sudden, license.hardEndMs)).toBe('expired');
  });

  it('without an end is active for ever', () => {
    const perpetual = { ...license, softEndMs: Infinity, hardEndMs: Infinity };
    expect(standingOf(perpetual, Date.UTC(9999, 11, 31))).toBe('active');
  });

  it('begins at its "not before", to the millisecond', () => {
    const later = { ...license, notBeforeMs: issuedAtMs + 30 * dayMs };
    expect(standingOf(later, later.notBeforeMs - 1)).toBe('not-yet-valid');
    expect(standingOf(later, later.notBeforeMs)).toBe('active');
  });

  it('is held back when it was issued more than 24 hours ahead, and not a millisecond less', () => {
    expect(maxIssuedAheadMs).toBe(dayMs);
    expect(standingOf(license, issuedAtMs - dayMs)).toBe('active');
    expect(standingOf(license, issuedAtMs - dayMs - 1)).toBe('not-yet-valid');
  });

  it('is "not yet" rather than "expired" when it was issued ahead and has ended: the clock is what is wrong', () => {
    const odd = { ...license, hardEndMs: issuedAtMs - 10 * dayMs, softEndMs: issuedAtMs - 10 * dayMs };
    expect(standingOf(odd, issuedAtMs - 2 * dayMs)).toBe('not-yet-valid');
    expect(standingOf(odd, issuedAtMs)).toBe('expired');
  });
});
