import { Controller, Get, Module } from '@nestjs/common';
import { LicenseMetrics, LicenseModule, RequireFeature } from '@latchkey/license';
import { Test } from '@nestjs/testing';
import * as prometheus from 'prom-client';

import { MetricsController } from '../../test/observability/metrics.controller.js';
import { PlainMetricsController } from '../../test/observability/plain-metrics.controller.js';
import { OfflineApp } from '../../test/offline-app.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { until } from '../testing/until.js';

@Controller('audit')
class Audit {
  @Get()
  @RequireFeature('audit-log')
  audit(): void {}
}

@Module({ controllers: [Audit, MetricsController, PlainMetricsController] })
class MetricsModule {}

const dayS = 24 * 60 * 60;

describe.each(['metrics', 'plain-metrics'])('the metrics of a license, scraped from /%s', (path) => {
  let issuer: TestIssuer;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    const options = { community: { limits: { apps: 1 } }, advisory: ['audit-log'] };
    app = await new OfflineApp(issuer, options, undefined, [MetricsModule]).start();
  });
  afterEach(() => app.stop());

  const scrape = async (): Promise<string> => {
    const response = await fetch(`${app.app.url}/${path}`);
    expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    return await response.text();
  };
  /** Name and labels → value, of what starts with `latchkey_license_` and this. */
  const series = async (start = ''): Promise<Record<string, number>> => {
    const prefix = 'latchkey_license_';
    const lines = (await scrape()).split('\n').filter((line) => line.startsWith(prefix + start));
    return Object.fromEntries(
      lines.map((line) => {
        const [, name = '', value] = /^(.*) (\S+)$/.exec(line) ?? [];
        return [name.slice(prefix.length), Number(value)];
      }),
    );
  };

  it('say what is in force', async () => {
    const claims = issuer.claims({ edition: 'professional' });
    app.source.broadcast(issuer.issue(claims), app.clock.wallMs() + 2000);
    await until(() => app.license.status.persisted);
    expect(await series()).toEqual({
      active: 1,
      'state{state="pending"}': 0,
      'state{state="active"}': 1,
      'state{state="grace"}': 0,
      'state{state="expired"}': 0,
      'state{state="absent"}': 0,
      'state{state="invalid"}': 0,
      'state{state="revoked"}': 0,
      'info{edition="professional",reason="licensed"}': 1,
      expires_timestamp_seconds: claims.exp,
      serial: claims.serial,
      fresh: 1,
      persisted: 1,
      clock_rolled_back: 0,
      clock_offset_seconds: 2,
      'advisory_refusals_total{feature="audit-log"}': 0,
      changes_total: 2, // in force, and saved
    });
  });

  it('leave out what a community edition does not have', async () => {
    app.source.lose();
    expect(await series()).toMatchObject({
      active: 0,
      'state{state="absent"}': 1,
      'info{edition="community",reason="absent"}': 1,
      fresh: 0,
    });
    const named = Object.keys(await series());
    expect(named.filter((name) => /timestamp|serial|offset/.test(name))).toEqual([]);
  });

  it('follow a license through its grace period to its end, and take old label values out', async () => {
    const nowS = Math.floor(app.clock.wallMs() / 1000);
    app.source.broadcast(issuer.issue({ license_expires: nowS + dayS, exp: nowS + 2 * dayS }));
    app.clock.advance(dayS * 1000);
    expect(await series()).toMatchObject({
      active: 1,
      'state{state="grace"}': 1,
      expires_timestamp_seconds: nowS + dayS,
      grace_ends_timestamp_seconds: nowS + 2 * dayS,
    });
    app.clock.advance(dayS * 1000);
    expect(await series()).toMatchObject({
      active: 0,
      'state{state="grace"}': 0,
      'state{state="expired"}': 1,
    });
    expect(await series('info')).toEqual({ 'info{edition="community",reason="expired"}': 1 });
  });

  it('count refusals by code and reason', async () => {
    await app.app.get('enterprise');
    app.source.lose();
    for (const gated of ['enterprise', 'enterprise', 'workflow', 'open']) await app.app.get(gated);
    expect(() => app.license.assertWithinLimit('apps', 2)).toThrow('limit');
    expect(await series('refusals')).toEqual({
      'refusals_total{code="LICENSE_PENDING",reason="pending"}': 1,
      'refusals_total{code="LICENSE_EDITION_REQUIRED",reason="absent"}': 2,
      'refusals_total{code="LICENSE_FEATURE_REQUIRED",reason="absent"}': 1,
      'refusals_total{code="LICENSE_LIMIT_EXCEEDED",reason="absent"}': 1,
    });
  });

  it('count what advisory mode lets through, and do not count it as refused', async () => {
    app.source.lose();
    expect((await app.app.get('audit')).status).toBe(200);
    expect(await series('advisory')).toEqual({ 'advisory_refusals_total{feature="audit-log"}': 1 });
    expect(await series('refusals')).toEqual({});
  });

  it('count the changes of the status since the start', async () => {
    expect(await series('changes')).toEqual({ changes_total: 0 });
    app.source.lose();
    expect(await series('changes')).toEqual({ changes_total: 1 });
  });

  it('name neither the customer nor the license', async () => {
    app.source.broadcast(issuer.issue({ jti: 'id-of-the-license', sub: 'id-of-the-customer' }));
    expect(await scrape()).not.toMatch(/id-of|Test Customer/);
  });
});

describe('the metrics of a license in prom-client', () => {
  let app: OfflineApp;
  let metrics: LicenseMetrics;

  beforeAll(async () => {
    app = await new OfflineApp(await TestIssuer.create(), {}, []).start();
    metrics = app.app.app.get(LicenseMetrics);
  });
  afterAll(() => app.stop());

  it('are what the text says', async () => {
    const registry = new prometheus.Registry();
    metrics.registerWith(prometheus, registry);
    const lines = (text: string) => text.split('\n').filter((line) => line !== '');
    expect(lines(await registry.metrics())).toEqual(lines(metrics.text()));
  });

  it('say nothing of a license before the application has started', async () => {
    const imports = [LicenseModule.forRoot({ environment: {} })];
    const testing = await Test.createTestingModule({ imports }).compile();
    const registry = new prometheus.Registry();
    testing.get(LicenseMetrics).registerWith(prometheus, registry);
    const values = async () =>
      (await registry.metrics()).split('\n').filter((line) => line.startsWith('latchkey'));
    expect(await values()).toEqual(['latchkey_license_changes_total 0']);
    await testing.init();
    expect(await values()).toContain('latchkey_license_active 0');
    await testing.close();
  });

  it('go into the global registry when no other is given', async () => {
    metrics.registerWith(prometheus);
    expect(await prometheus.register.metrics()).toContain('latchkey_license_active 0');
    prometheus.register.clear();
  });

  it('can be scraped as OpenMetrics, where counters are named without _total', async () => {
    const registry = new prometheus.Registry<prometheus.OpenMetricsContentType>();
    registry.setContentType(prometheus.Registry.OPENMETRICS_CONTENT_TYPE);
    metrics.registerWith(prometheus, registry);
    const text = await registry.metrics();
    expect(text).toContain('# TYPE latchkey_license_changes counter\nlatchkey_license_changes_total ');
    expect(text).toMatch(/# EOF\n$/);
    expect(await registry.metrics()).toBe(text);
  });

  it('cannot be registered twice', () => {
    const registry = new prometheus.Registry();
    metrics.registerWith(prometheus, registry);
    expect(() => metrics.registerWith(prometheus, registry)).toThrow(
      'latchkey_license_active has already been',
    );
  });
});
