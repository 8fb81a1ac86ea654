import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EMPTY, of } from 'rxjs';

import { generateEncryptionKey, signRevocation } from '@latchkey/license/issuing';
import { formatLicenseText, type LicenseClaims } from '@latchkey/license/protocol';
import { ManualClock, TestIssuer } from '@latchkey/license/testing';

import { sealerOf } from '../../test/sealer-of.js';
import type { Transport } from '../broker/broker-link.js';
import { Broker } from '../broker/broker.js';
import { BroadcastClient } from '../broker/nats-transport.js';
import { Publisher } from '../broker/publisher.js';
import { RetainedCopy } from '../broker/retained-copy.js';
import { loadServerConfig } from '../config/load-server-config.js';
import { LicenseFile } from '../license/license-file.js';
import { LicenseWatch } from '../license/license-watch.js';
import type { HealthReport } from './health-report.js';
import { HealthService } from './health.service.js';

const silent = { log: () => {}, warn: () => {}, error: () => {} };
const nowS = new ManualClock().wallMs() / 1000;
const dayS = 24 * 60 * 60;

let directory: string;
let issuer: TestIssuer;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'license-server-health-'));
  issuer = await TestIssuer.create('agent-os', new ManualClock());
});

afterAll(() => rmSync(directory, { recursive: true }));

const connected: Transport = {
  open: () => Promise.resolve(),
  close: () => Promise.resolve(),
  status: of('connected'),
  refusals$: EMPTY,
};

/** The report of a connected server that serves a license with these claims. */
function report(changes: Partial<LicenseClaims>, env: Record<string, string> = {}): HealthReport {
  const path = join(directory, 'license.lic');
  writeFileSync(path, formatLicenseText(issuer.issue({ jti: 'license-1', serial: 1, ...changes })));
  const config = loadServerConfig({
    LICENSE_ENCRYPTION_KEYS: generateEncryptionKey('first'),
    LICENSE_PUBLIC_KEYS: JSON.stringify(issuer.trustedKeys),
    LICENSE_PATH: path,
    LICENSE_SERVER_ID: 'server-1',
    ...env,
  });
  const clock = new ManualClock();
  const sealer = sealerOf(config, clock);
  const file = new LicenseFile(config.source, config.trustedKeys, config.product, () => {});
  const watch = new LicenseWatch(file, sealer, clock, silent);
  const broker = new Broker(config.nats.servers, clock, silent);
  const client = new BroadcastClient({});
  const publisher = new Publisher('license.key', client, broker, clock, silent);
  const retainedCopy = new RetainedCopy(config.subjects, client, broker, silent);
  broker.keep('broadcasts', connected);
  broker.keep('requests', connected);
  watch.onModuleInit();
  watch.beforeApplicationShutdown();
  return new HealthService(config, watch, broker, publisher, retainedCopy, sealer).report();
}

describe('the health report', () => {
  it('names the license and the keys, and neither customer nor secrets', () => {
    expect(report({ exp: nowS + dayS })).toEqual({
      status: 'ok',
      reasons: [],
      license: {
        id: 'license-1',
        serial: 1,
        product: 'agent-os',
        edition: 'enterprise',
        expiresAt: '2027-01-02T00:00:00.000Z',
        graceEndsAt: null,
        standing: 'active',
        kid: issuer.key.kid,
      },
      revocations: null,
      nats: { connected: true, lastPublishedAt: null },
      server: {
        id: 'server-1',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        deploymentId: null,
        encryptionKeys: ['first'],
        trustedKeys: [issuer.key.kid],
      },
    });
  });

  it('knows licenses without an end', () => {
    const { status, license } = report({ exp: undefined, perpetual: true });
    expect(status).toBe('ok');
    expect(license).toMatchObject({ expiresAt: null, graceEndsAt: null, standing: 'active' });
  });

  it('is degraded in the grace period, and says when it ends', () => {
    const { status, reasons, license } = report({ license_expires: nowS, exp: nowS + dayS });
    expect(status).toBe('degraded');
    expect(reasons).toEqual([{ code: 'GRACE', message: expect.stringContaining('install its renewal') }]);
    expect(license).toMatchObject({
      expiresAt: '2027-01-01T00:00:00.000Z',
      graceEndsAt: '2027-01-02T00:00:00.000Z',
      standing: 'grace',
    });
  });

  it.each([
    ['EXPIRED', { exp: nowS }],
    ['NOT_YET_VALID', { nbf: nowS + 1 }],
    ['NOT_YET_VALID', { iat: nowS + 2 * dayS }],
  ])('is degraded, %s, for a license with %j', (code, changes) => {
    const { status, reasons, license } = report(changes);
    expect(status).toBe('degraded');
    expect(reasons.map((reason) => reason.code)).toEqual([code]);
    expect(license?.id).toBe('license-1');
  });

  it('is degraded when the license is for other deployments, as far as it knows its own', () => {
    const bound = { deployments: ['berlin', 'paris'] };
    expect(report(bound, { LICENSE_DEPLOYMENT_ID: 'rome' }).reasons).toEqual([
      { code: 'DEPLOYMENT_MISMATCH', message: expect.stringContaining('"rome"') },
    ]);
    expect(report(bound, { LICENSE_DEPLOYMENT_ID: 'paris' }).status).toBe('ok');
    expect(report(bound).status).toBe('ok');
  });

  describe('with a revocation list', () => {
    const path = (): string => join(directory, 'revocations.jwt');
    const reportWith = (list: string, changes: Partial<LicenseClaims> = {}): HealthReport => {
      writeFileSync(path(), list);
      return report(changes, { LICENSE_REVOCATIONS_PATH: path() });
    };
    const revoke = (...revoked: string[]): string =>
      signRevocation({ v: 1, iss: 'test-vendor', iat: nowS, serial: 7, revoked }, issuer.key);

    it('says which one is handed out', () => {
      expect(reportWith(revoke('other-1', 'other-2'))).toMatchObject({
        status: 'ok',
        revocations: { serial: 7, revoked: 2 },
      });
    });

    it('is degraded when the license being served is on it', () => {
      const { status, reasons, license } = reportWith(revoke('license-1'));
      expect(status).toBe('degraded');
      expect(reasons).toEqual([{ code: 'REVOKED', message: expect.stringContaining('services refuse it') }]);
      expect(license?.id).toBe('license-1');
    });

    it('is not concerned by the list of another vendor', () => {
      expect(reportWith(revoke('license-1'), { iss: 'other-vendor' }).status).toBe('ok');
    });

    it('is degraded when the list cannot be used, and says why', () => {
      expect(reportWith('hello')).toMatchObject({ reasons: [{ code: 'MALFORMED' }], revocations: null });
      rmSync(path());
      expect(report({}, { LICENSE_REVOCATIONS_PATH: path() }).reasons).toEqual([
        { code: 'FILE_ABSENT', message: expect.stringMatching(/^revocation list .*no such file/) },
      ]);
    });

    it('is degraded when the list does not fit beside the license', () => {
      const ids = Array.from({ length: 200 }, (_, i) => `${i}`.padEnd(100, 'x'));
      const features = Object.fromEntries(ids.slice(0, 100).map((id) => [id, 'x'.repeat(100)]));
      expect(reportWith(revoke(...ids)).status).toBe('ok');
      expect(reportWith(revoke(...ids), { features }).reasons).toEqual([
        { code: 'TOO_LARGE', message: expect.stringContaining('does not fit beside the license') },
      ]);
    });
  });
});
