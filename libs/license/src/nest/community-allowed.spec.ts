import { Controller, Get } from '@nestjs/common';

import { OfflineApp } from '../../test/offline-app.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { CommunityAllowed, RequireEdition, RequireEnterprise, RequireFeature } from './license.decorators.js';

@Controller('reports')
@RequireEnterprise()
class Reports {
  @Get('gated')
  gated(): string {
    return 'ok';
  }

  @Get('open')
  @CommunityAllowed()
  open(): string {
    return 'ok';
  }

  @Get('own')
  @CommunityAllowed()
  @RequireFeature('workflow')
  own(): string {
    return 'ok';
  }
}

@Controller('child')
@RequireEdition('flagship')
class Child extends Reports {}

describe('@CommunityAllowed()', () => {
  let app: OfflineApp;
  let issuer: TestIssuer;

  beforeAll(async () => {
    issuer = await TestIssuer.create();
    app = await new OfflineApp(issuer, {}, [Reports, Child]).start();
    app.source.lose();
  });
  afterAll(() => app.stop());

  const statusOf = async (path: string): Promise<number> => (await app.app.get(path)).status;

  it('opens one method of a gated class, and no other', async () => {
    expect(await statusOf('reports/open')).toBe(200);
    expect(await statusOf('reports/gated')).toBe(402);
  });

  it('opens it in a class that inherits it, too, whatever that class requires', async () => {
    expect(await statusOf('child/open')).toBe(200);
    expect(await statusOf('child/gated')).toBe(402);
  });

  it('leaves what the method requires itself', async () => {
    expect((await app.app.get('reports/own')).body).toMatchObject({
      code: 'LICENSE_FEATURE_REQUIRED',
      requiredFeature: 'workflow',
    });
    app.source.broadcast(issuer.issue({ edition: 'community', features: { workflow: true } }));
    expect(await statusOf('reports/own')).toBe(200);
  });
});
