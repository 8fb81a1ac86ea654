import { Controller, Get, Module, type CanActivate, type INestApplication, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';

import { LicenseByHand } from '../../test/transports/license-by-hand.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { CommunityAllowed, RequireEdition, RequireEnterprise } from './license.decorators.js';
import { LicenseGuard } from './license.guard.js';

abstract class Base {
  @RequireEnterprise()
  report(): string {
    return 'ok';
  }
}

class Between extends Base {}

@Controller('silent')
class Silent extends Between {
  @Get()
  override report(): string {
    return 'ok';
  }
}

@Controller('silent-in-class')
@RequireEdition('community')
class SilentInClass extends Base {
  @Get()
  override report(): string {
    return 'ok';
  }
}

@Controller('opened')
@RequireEdition('community')
class Opened extends Base {
  @Get()
  @CommunityAllowed()
  override report(): string {
    return 'ok';
  }
}

describe('a method that overrides a gated one, without a decorator of its own', () => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  const start = async (
    controllers: Type[],
    ...guards: Type<CanActivate>[]
  ): Promise<(path: string) => Promise<number>> => {
    const license = new LicenseByHand(await TestIssuer.create());
    const providers = guards.map((guard) => ({ provide: APP_GUARD, useExisting: guard }));
    @Module({ imports: [license.module()], controllers, providers })
    class Root {}
    app = await NestFactory.create(Root, { logger: false, abortOnError: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    license.isAbsent();
    return async (path) => (await fetch(`${url}/${path}`)).status;
  };

  it('needs what that one needs, where the guard is global', async () => {
    const statusOf = await start([Silent, SilentInClass], LicenseGuard);
    expect(await statusOf('silent')).toBe(402);
    expect(await statusOf('silent-in-class')).toBe(402);
  });

  it('needs it where its class brings the guard', async () => {
    expect(await (await start([SilentInClass]))('silent-in-class')).toBe(402);
  });

  it('is opened by @CommunityAllowed() only', async () => {
    expect(await (await start([Opened], LicenseGuard))('opened')).toBe(200);
  });

  // Nest itself forgets the guards of an overridden method.
  it('keeps the app from starting when nothing brings the guard: neither class, nor method, nor application', async () => {
    await expect(start([Silent])).rejects.toMatchObject({
      problems: [expect.stringContaining('Silent.report: it replaces a method with')],
    });
  });
});
