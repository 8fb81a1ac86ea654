import {
  Controller,
  ForbiddenException,
  Get,
  Injectable,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';

import { OfflineApp } from '../../test/offline-app.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { RequireEnterprise } from './license.decorators.js';

const header = (context: ExecutionContext, name: string): string | undefined =>
  context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>().headers[name];

@Injectable()
class Authenticate implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (header(context, 'user') === undefined) throw new UnauthorizedException();
    return true;
  }
}

@Injectable()
class Permit implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (header(context, 'user') !== 'admin') throw new ForbiddenException();
    return true;
  }
}

@Controller('method')
class OnTheMethod {
  @Get()
  @UseGuards(Permit)
  @RequireEnterprise()
  @UseGuards(Authenticate)
  get(): string {
    return 'ok';
  }
}

@Controller('class')
@RequireEnterprise()
@UseGuards(Authenticate)
class OnTheClass {
  @Get()
  @UseGuards(Permit)
  get(): string {
    return 'ok';
  }
}

describe.each(['method', 'class'])('guards on a %s', (path) => {
  it('run from the lowest decorator up: authenticate, license, permission', async () => {
    const issuer = await TestIssuer.create();
    const app = await new OfflineApp(issuer, {}, [OnTheMethod, OnTheClass]).start();
    const statusFor = async (user?: string): Promise<number> => {
      const headers: Record<string, string> = user === undefined ? {} : { user };
      return (await fetch(`${app.app.url}/${path}`, { headers })).status;
    };
    try {
      app.source.lose();
      expect([await statusFor(), await statusFor('reader'), await statusFor('admin')]).toEqual([
        401, 402, 402,
      ]);
      app.source.broadcast(issuer.issue());
      expect([await statusFor(), await statusFor('reader'), await statusFor('admin')]).toEqual([
        401, 403, 200,
      ]);
    } finally {
      await app.stop();
    }
  });
});
