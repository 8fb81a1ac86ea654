import { Controller, Get, Module, type ExecutionContext, type INestApplicationContext } from '@nestjs/common';
import { ExternalContextCreator, NestFactory } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';

import { LicenseByHand } from '../../test/transports/license-by-hand.js';
import { refusalOf } from '../testing/throws-with-code.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { CommunityAllowed, RequireEnterprise } from './license.decorators.js';
import { LicenseRequiredException } from './license.exception.js';
import { LicenseGuard } from './license.guard.js';

/** Routes that something else calls, too. What only others call may not be gated: the start fails. */
@Controller()
@RequireEnterprise()
class Jobs {
  @Get('open')
  @CommunityAllowed()
  open(): string {
    return 'open';
  }

  @Get('gated')
  gated(): string {
    return 'gated';
  }
}

describe('the guard, where it does not know how to refuse', () => {
  let license: LicenseByHand;
  let app: INestApplicationContext;

  beforeEach(async () => {
    license = new LicenseByHand(await TestIssuer.create());
    @Module({ imports: [license.module()], controllers: [Jobs], providers: [Jobs] })
    class Root {}
    app = await NestFactory.createApplicationContext(Root, { logger: false });
  });
  afterEach(() => app.close());

  /** Calls a handler as packages do that bring transports of their own: queues, bots, schedulers. */
  const call = async (method: keyof Jobs, type?: string): Promise<unknown> => {
    const jobs = app.get(Jobs);
    const defaults = [undefined, undefined, undefined, undefined] as const;
    const withGuards = { interceptors: true, guards: true, filters: false };
    const handler = app
      .get(ExternalContextCreator)
      .create(jobs, jobs[method], method, ...defaults, withGuards, type);
    return await (handler() as Promise<unknown>);
  };

  it('lets through what requires nothing', async () => {
    expect(await call('open', 'cron')).toBe('open');
  });

  it('lets nothing else through, with a license either, and says what to do', async () => {
    license.arrives();
    await expect(call('gated', 'cron')).rejects.toMatchObject({
      code: 'CONTEXT_UNSUPPORTED',
      message: expect.stringContaining('found "cron"') as string,
    });
  });

  it('judges a call by its own transport, whatever called the same handler before', async () => {
    license.arrives();
    expect(await call('gated', 'http')).toBe('gated');
    await expect(call('gated', 'cron')).rejects.toMatchObject({ code: 'CONTEXT_UNSUPPORTED' });
    expect(await call('gated', 'http')).toBe('gated');
  });

  it('refuses as over HTTP what calls itself HTTP, and needs no response for that', async () => {
    await expect(call('gated')).rejects.toBeInstanceOf(LicenseRequiredException);
    license.arrives();
    expect(await call('gated')).toBe('gated');
  });

  it('says that it was used outside a request', () => {
    const guard = app.get(LicenseGuard);
    const outside = undefined as unknown as ExecutionContext;
    expect(refusalOf(() => guard.canActivate(outside))).toMatchObject({
      code: 'CONTEXT_UNSUPPORTED',
      message: expect.stringContaining('outside a request ask LicenseService') as string,
    });
  });

  it('answers at once, not through a promise, when the license allows the call', () => {
    license.arrives();
    const jobs = app.get(Jobs);
    const guard = app.get(LicenseGuard);
    for (const name of ['open', 'gated', 'gated'] as const) {
      expect(guard.canActivate(new ExecutionContextHost([], Jobs, jobs[name]))).toBe(true);
    }
  });
});
