import { Controller, Get, Inject, Query } from '@nestjs/common';

import { OfflineApp } from '../../test/offline-app.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { LicenseService } from './license.service.js';

@Controller()
class Routes {
  constructor(@Inject(LicenseService) private readonly license: LicenseService) {}

  @Get('apps')
  apps(@Query('wanted') wanted: string): string {
    this.license.assertWithinLimit('apps', Number(wanted));
    return 'created';
  }
}

describe('a limit', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
    const community = { limits: { apps: 3, users: -1 } };
    app = await new OfflineApp(issuer, { community }, [Routes]).start();
  });
  afterAll(() => app.stop());
  const statusFor = async (wanted: unknown): Promise<number> =>
    (await app.app.get(`apps?wanted=${String(wanted)}`)).status;

  it('is the one of the community edition while there is no license, and nothing else is limited', async () => {
    app.source.lose();
    expect([await statusFor(3), await statusFor(4)]).toEqual([200, 402]);
    const { license } = app;
    expect(['apps', 'users', 'unheard-of', 'constructor'].map((name) => license.limit(name))).toEqual([
      3,
      Infinity,
      Infinity,
      Infinity,
    ]);
  });

  it.each([
    ['a higher limit', { apps: 5 }, 5],
    ['a lower limit than the community edition', { apps: 1 }, 1],
    ['none at all', { apps: 0 }, 0],
    ['-1 for unlimited', { apps: -1 }, Infinity],
    ['no word about it', {}, Infinity],
  ])('is the one of the license while that is in force: %s', async (_what, limits, allowed) => {
    app.source.broadcast(issuer.issue({ limits }));
    expect(app.license.limit('apps')).toBe(allowed);
    expect([await statusFor(Math.min(allowed, 1000)), await statusFor(Math.min(allowed, 1e9) + 1)]).toEqual([
      200,
      allowed === Infinity ? 200 : 402,
    ]);
  });

  it('is not met by what is no number', async () => {
    app.source.broadcast(issuer.issue());
    expect(await statusFor('nonsense')).toBe(402);
  });

  it('is that of the community edition again when the license has ended', () => {
    const expS = Math.floor(app.clock.wallMs() / 1000) + 3600;
    app.source.broadcast(issuer.issue({ limits: { apps: 100 }, exp: expS }));
    expect(app.license.limit('apps')).toBe(100);
    app.clock.advance(3600_000);
    expect(app.license.limit('apps')).toBe(3);
  });
});
