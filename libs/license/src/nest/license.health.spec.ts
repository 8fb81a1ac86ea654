import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';

import { HealthController } from '../../test/observability/health.controller.js';
import { OfflineApp } from '../../test/offline-app.js';
import { TestIssuer } from '../testing/test-issuer.js';

@Module({ imports: [TerminusModule], controllers: [HealthController] })
class HealthModule {}

const dayS = 24 * 60 * 60;

describe('the health check of terminus, over HTTP', () => {
  let issuer: TestIssuer;
  let app: OfflineApp;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
  });
  beforeEach(async () => {
    app = await new OfflineApp(issuer, {}, [], [HealthModule]).start();
  });
  afterEach(() => app.stop());
  const health = () => app.app.get('health');

  it('shows the license in force', async () => {
    const claims = issuer.claims();
    app.source.broadcast(issuer.issue(claims));
    const license = {
      status: 'up',
      active: true,
      state: 'active',
      reason: 'licensed',
      edition: 'enterprise',
      expiresAt: new Date((claims.exp ?? 0) * 1000).toISOString(),
      graceEndsAt: null,
      freshness: 'fresh',
    };
    expect(await health()).toMatchObject({
      status: 200,
      body: { status: 'ok', info: { license }, error: {}, details: { license } },
    });
  });

  it('is up while the first answer is awaited, without a license, in grace and past it', async () => {
    const states: unknown[] = [];
    const look = async () => {
      const { status, body } = await health();
      const { license } = body['details'] as { license: Record<string, unknown> };
      states.push([status, body['status'], license['status'], license['state']]);
    };
    await look();
    app.source.lose();
    await look();
    const endS = Math.floor(app.clock.wallMs() / 1000);
    app.source.broadcast(issuer.issue({ license_expires: endS + dayS, exp: endS + 2 * dayS }));
    for (let day = 1; day <= 2; day += 1) {
      app.clock.advance(dayS * 1000);
      await look();
    }
    expect(states).toEqual([
      [200, 'ok', 'up', 'pending'],
      [200, 'ok', 'up', 'absent'],
      [200, 'ok', 'up', 'grace'],
      [200, 'ok', 'up', 'expired'],
    ]);
  });

  it('names neither the customer nor the license', async () => {
    app.source.broadcast(issuer.issue({ jti: 'id-of-the-license', sub: 'id-of-the-customer' }));
    const { body } = await health();
    expect(JSON.stringify(body)).not.toMatch(/id-of|Test Customer|serial/);
  });
});
