import { Controller, Get, Inject, Query } from '@nestjs/common';

import { OfflineApp } from '../../test/offline-app.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { RequireEnterprise, RequireFeature } from './license.decorators.js';
import type { LicenseModuleOptions } from './license.options.js';
import { LicenseService } from './license.service.js';

@Controller()
class Routes {
  constructor(@Inject(LicenseService) private readonly license: LicenseService) {}

  @Get('enterprise')
  @RequireEnterprise()
  enterprise(): string {
    return 'enterprise';
  }

  @Get('workflow')
  @RequireFeature('workflow')
  workflow(): string {
    return 'workflow';
  }

  @Get('apps')
  apps(@Query('wanted') wanted: string): string {
    this.license.assertWithinLimit('apps', Number(wanted));
    return 'created';
  }
}

describe('a refusal', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;
  const secrets = /Test Customer|customer-1|license-\d|test-vendor|20\d\d-/;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  afterEach(() => app.stop());
  const start = async (options: LicenseModuleOptions = {}): Promise<OfflineApp> => {
    app = await new OfflineApp(issuer, options, [Routes]).start();
    return app;
  };

  it('without a license says what is required, what runs here, and why', async () => {
    await start();
    app.source.lose();
    expect(await app.app.get('enterprise')).toMatchObject({ status: 402 });
    expect((await app.app.get('enterprise')).body).toEqual({
      statusCode: 402,
      error: 'License Required',
      code: 'LICENSE_EDITION_REQUIRED',
      message:
        'This operation requires the enterprise edition; this deployment runs community (no license key found).',
      requiredEdition: 'enterprise',
      edition: 'community',
      reason: 'absent',
    });
    expect((await app.app.get('workflow')).body).toEqual({
      statusCode: 402,
      error: 'License Required',
      code: 'LICENSE_FEATURE_REQUIRED',
      message:
        'This operation requires the feature workflow; this deployment runs community (no license key found).',
      requiredFeature: 'workflow',
      edition: 'community',
      reason: 'absent',
    });
  });

  it('with a license that is fine, but lower, says so', async () => {
    await start();
    app.source.broadcast(issuer.issue({ edition: 'professional', limits: { apps: 10 } }));
    expect((await app.app.get('enterprise')).body).toEqual({
      statusCode: 402,
      error: 'License Required',
      code: 'LICENSE_EDITION_REQUIRED',
      message: 'This operation requires the enterprise edition; this deployment runs professional.',
      requiredEdition: 'enterprise',
      edition: 'professional',
      reason: 'not-entitled',
    });
    expect((await app.app.get('workflow')).body).toMatchObject({
      message:
        'This operation requires the feature workflow, which the license of this deployment does not include.',
      reason: 'not-entitled',
    });
    expect((await app.app.get('apps?wanted=11')).body).toEqual({
      statusCode: 402,
      error: 'License Required',
      code: 'LICENSE_LIMIT_EXCEEDED',
      message: 'This operation would exceed the limit of 10 apps; this deployment runs professional.',
      limit: 'apps',
      allowed: 10,
      edition: 'professional',
      reason: 'limit-exceeded',
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['has expired', { iat: 1, exp: 2 }, 'expired'],
    ['is for another product', { aud: 'other' }, 'wrong-product'],
    ['is for another deployment', { deployments: ['eu-1'] }, 'wrong-deployment'],
    ['names an edition that is not known here', { edition: 'galactic' }, 'unknown-edition'],
    ['begins later', { nbf: 4_000_000_000, exp: 5_000_000_000 }, 'not-yet-valid'],
  ])('because the license %s gives that reason, and no name, id or date', async (_what, claims, reason) => {
    await start();
    app.source.broadcast(issuer.issue(claims));
    const { status, body } = await app.app.get('enterprise');
    expect([status, body['code'], body['reason']]).toEqual([402, 'LICENSE_EDITION_REQUIRED', reason]);
    expect(JSON.stringify(body)).not.toMatch(secrets);
  });

  it('while the first answer is awaited is "try again in a moment", whatever status the app chose', async () => {
    await start({ refusal: { status: 403 } });
    const { status, headers, body } = await app.app.get('enterprise');
    expect([status, headers.get('retry-after')]).toEqual([503, '2']);
    expect(body).toEqual({
      statusCode: 503,
      error: 'Service Unavailable',
      code: 'LICENSE_PENDING',
      message: 'The license of this deployment is still being loaded; try again in a moment.',
      edition: 'community',
      reason: 'pending',
    });
    app.clock.advance(10_000);
    expect((await app.app.get('enterprise')).headers.has('retry-after')).toBe(false);
  });

  it('has the status, the words and the link that the app chose', async () => {
    await start({
      refusal: { status: 403, message: (words) => `No. ${words}`, upgradeUrl: 'https://vendor.example/buy' },
    });
    app.source.lose();
    for (const path of ['enterprise', 'workflow']) {
      const { status, body } = await app.app.get(path);
      expect(status).toBe(403);
      expect(body).toMatchObject({
        statusCode: 403,
        error: 'License Required',
        message: expect.stringMatching(/^No\. This operation requires/) as string,
        upgradeUrl: 'https://vendor.example/buy',
      });
    }
  });
});
