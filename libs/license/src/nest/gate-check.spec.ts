import { Controller, Get, Injectable, Module, type INestApplication, type Type } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { APP_GUARD, ModulesContainer, NestFactory } from '@nestjs/core';
import { Field, GraphQLModule, ObjectType, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { MessagePattern } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';

import { LicenseError } from '../core/errors.js';
import { refusalOf } from '../testing/throws-with-code.js';
import { RequireEdition, RequireEnterprise, RequireFeature } from './license.decorators.js';
import { LicenseGuard } from './license.guard.js';
import { LicenseModule } from './license.module.js';
import type { LicenseModuleOptions } from './license.options.js';

type Parts = Pick<Parameters<typeof Module>[0], 'imports' | 'controllers' | 'providers'>;
const base: LicenseModuleOptions = { environment: {} };

async function created({ imports = [], ...parts }: Parts, options = base): Promise<INestApplication> {
  @Module({ ...parts, imports: [LicenseModule.forRoot(options), ...imports] })
  class Root {}
  const app = await NestFactory.create(Root, { logger: false, abortOnError: false });
  return app.useWebSocketAdapter(new WsAdapter(app));
}

/** What keeps an app of these parts from starting; empty when it starts. */
async function problemsOf(parts: Parts, options = base): Promise<readonly string[]> {
  const app = await created(parts, options);
  try {
    await app.init();
    return [];
  } catch (error) {
    if (!(error instanceof LicenseError) || error.code !== 'CONFIGURATION_INVALID') throw error;
    return error.problems;
  } finally {
    await app.close();
  }
}

const graphql = (fieldResolverEnhancers?: ('guards' | 'filters')[]) =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    autoSchemaFile: true,
    ...(fieldResolverEnhancers === undefined ? {} : { fieldResolverEnhancers }),
  });

@ObjectType()
class Flow {
  @Field(() => String)
  id = '1';
}

@Controller('flows')
@RequireEdition('professional')
class Flows {
  @Get()
  @RequireFeature('workflow')
  list(): string {
    return 'ok';
  }
}

describe('an app with gates starts', () => {
  it.each<[string, Parts]>([
    ['on a controller', { controllers: [Flows] }],
    ['on a controller that is provided as well', { controllers: [Flows], providers: [Flows] }],
    ['on none', {}],
  ])('when they are %s', async (_what, parts) => {
    expect(await problemsOf(parts)).toEqual([]);
  });

  it('when they are on message handlers, gateways and resolvers', async () => {
    @Controller()
    class Messages {
      @MessagePattern('flows')
      @RequireFeature('workflow')
      handle(): string {
        return 'ok';
      }
    }
    @WebSocketGateway()
    @RequireEnterprise()
    class Gateway {
      @SubscribeMessage('flows')
      handle(): string {
        return 'ok';
      }
    }
    @Resolver(() => Flow)
    class FlowResolver {
      @Query(() => Flow)
      @RequireFeature('workflow')
      flow(): Flow {
        return new Flow();
      }

      @ResolveField(() => String)
      @RequireEnterprise()
      history(): string {
        return 'ok';
      }
    }
    const parts = {
      controllers: [Messages],
      providers: [Gateway, FlowResolver],
      imports: [graphql(['guards'])],
    };
    expect(await problemsOf(parts)).toEqual([]);
  });
});

describe('a gate that would never run keeps the app from starting', () => {
  it('on a plain service', async () => {
    @Injectable()
    @RequireEnterprise()
    class WholeService {
      list(): void {}
    }
    @Injectable()
    class Service {
      @RequireFeature('workflow', 'sso')
      list(): void {}
    }
    expect(await problemsOf({ providers: [WholeService, Service] })).toEqual([
      "WholeService: @RequireEdition('enterprise') on a provider without handlers, where no guard runs: " +
        'move it to the controller, gateway or resolver, or ask LicenseService in the code',
      "Service.list: @RequireFeature('workflow') @RequireFeature('sso') on a method that is no handler, where no guard " +
        'runs: ask LicenseService in the method',
    ]);
  });

  it('on a method of a controller, a gateway or a resolver that nothing calls', async () => {
    @Controller()
    class Routes {
      @Get()
      open(): string {
        return this.closed();
      }

      @RequireFeature('workflow')
      closed(): string {
        return 'closed';
      }
    }
    @WebSocketGateway()
    class Gateway {
      @RequireFeature('workflow')
      helper(): void {}
    }
    expect(await problemsOf({ controllers: [Routes], providers: [Gateway] })).toEqual([
      expect.stringContaining("Routes.closed: @RequireFeature('workflow') on a method that is no handler"),
      expect.stringContaining("Gateway.helper: @RequireFeature('workflow') on a method that is no handler"),
    ]);
  });

  it('on a subscription of a class that is no gateway, and on a pattern of a provider', async () => {
    @Injectable()
    class Lost {
      @SubscribeMessage('flows')
      @RequireFeature('workflow')
      socket(): void {}

      @MessagePattern('flows')
      @RequireFeature('workflow')
      message(): void {}
    }
    expect((await problemsOf({ providers: [Lost] })).map((problem) => problem.split(':')[0])).toEqual([
      'Lost.socket',
      'Lost.message',
    ]);
  });

  it('on a gateway provided as { provide, useClass }, where Nest looks for no guards (11 does not, 12 does)', async () => {
    @WebSocketGateway()
    class Gateway {
      @SubscribeMessage('flows')
      @RequireFeature('workflow')
      handle(): string {
        return 'ok';
      }
    }
    const providers = [{ provide: 'gateway', useClass: Gateway }];
    expect(await problemsOf({ providers })).toEqual([]);
    const app = await created({ providers });
    for (const { injectables } of app.get(ModulesContainer).values()) injectables.delete(LicenseGuard);
    await expect(app.init()).rejects.toMatchObject({
      problems: [
        "Gateway.handle: Nest does not run the guard of @RequireFeature('workflow') in what is provided under another " +
          'name or made by a factory: list Gateway itself among the providers',
      ],
    });
  });

  it('on a resolver or a service that a factory makes', async () => {
    @Resolver(() => Flow)
    class FlowResolver {
      @Query(() => Flow)
      @RequireFeature('workflow')
      flow(): Flow {
        return new Flow();
      }
    }
    @RequireEnterprise()
    class Service {}
    const providers = [
      { provide: 'resolver', useFactory: () => new FlowResolver() },
      { provide: 'service', useValue: new Service() },
    ];
    expect(
      (await problemsOf({ providers })).map((problem) => problem.split(' ').slice(0, 6).join(' ')),
    ).toEqual([
      'FlowResolver.flow: Nest does not run the',
      "Service: @RequireEdition('enterprise') on a provider without",
    ]);
    const twoNames = [FlowResolver, { provide: 'alias', useExisting: FlowResolver }];
    expect(await problemsOf({ providers: twoNames, imports: [graphql()] })).toEqual([]);
  });

  it('on a field, unless GraphQL runs the guards of fields', async () => {
    @Resolver(() => Flow)
    class FlowResolver {
      @Query(() => Flow)
      flow(): Flow {
        return new Flow();
      }

      @ResolveField(() => String)
      @RequireEnterprise()
      history(): string {
        return 'ok';
      }
    }
    const providers = [FlowResolver];
    for (const enhancers of [undefined, ['filters']] as const) {
      expect(await problemsOf({ providers, imports: [graphql(enhancers && [...enhancers])] })).toEqual([
        "FlowResolver.history: @RequireEdition('enterprise') on a field, where GraphQL runs no guards: " +
          "set fieldResolverEnhancers: ['guards'] in the options of GraphQLModule",
      ]);
    }
    expect(await problemsOf({ providers, imports: [graphql(['guards'])] })).toEqual([]);
  });

  it('on a method that is overridden without a guard, unless the guard is global', async () => {
    class Base {
      @RequireFeature('workflow')
      list(): string {
        return 'base';
      }
    }
    @Controller()
    class Child extends Base {
      @Get()
      override list(): string {
        return 'child';
      }
    }
    expect(await problemsOf({ controllers: [Child] })).toEqual([
      "Child.list: it replaces a method with @RequireFeature('workflow'), and has no guard of its own: " +
        'repeat the decorator, or open it with @CommunityAllowed()',
    ]);
    const providers = [{ provide: APP_GUARD, useClass: LicenseGuard }];
    expect(await problemsOf({ controllers: [Child], providers })).toEqual([]);
  });

  it('on a message handler that is overridden without a guard, also where one is global: it may not reach it', async () => {
    class Base {
      @RequireFeature('workflow')
      handle(): string {
        return 'base';
      }
    }
    @Controller()
    class Messages extends Base {
      @MessagePattern('flows')
      override handle(): string {
        return 'child';
      }
    }
    @WebSocketGateway()
    class Gateway extends Base {
      @SubscribeMessage('flows')
      override handle(): string {
        return 'child';
      }
    }
    const providers = [{ provide: APP_GUARD, useClass: LicenseGuard }, Gateway];
    expect(await problemsOf({ controllers: [Messages], providers })).toEqual([
      expect.stringContaining("Messages.handle: it replaces a method with @RequireFeature('workflow')"),
    ]);
  });
});

describe('a gate that asks for what does not exist keeps the app from starting', () => {
  it('an edition that is not on the ladder', async () => {
    @Controller()
    @RequireEdition('profesional')
    class Routes {
      @Get()
      @RequireEnterprise()
      list(): string {
        return 'ok';
      }
    }
    expect(await problemsOf({ controllers: [Routes] })).toEqual([
      'Routes: there is no edition profesional, only community, professional, enterprise, flagship; did you mean professional?',
    ]);
    expect(await problemsOf({ controllers: [Routes] }, { ...base, editions: ['free', 'paid'] })).toEqual([
      'Routes: there is no edition profesional, only free, paid',
      'Routes.list: there is no edition enterprise, only free, paid',
    ]);
  });

  it('a feature that the app does not sell, where it says what it sells', async () => {
    @Controller()
    class Routes {
      @Get()
      @RequireFeature('workflow', 'audit-logs')
      list(): string {
        return 'ok';
      }
    }
    expect(await problemsOf({ controllers: [Routes] })).toEqual([]);
    const features = ['workflow', 'audit-log'];
    expect(await problemsOf({ controllers: [Routes] }, { ...base, features })).toEqual([
      'Routes.list: audit-logs is none of the features given to LicenseModule; did you mean audit-log?',
    ]);
  });

  it('no feature at all, where the decorator stands', () => {
    const nothing = RequireFeature as unknown as () => MethodDecorator;
    expect(refusalOf(() => nothing())).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining("name it, as in @RequireFeature('workflow')") as string,
    });
  });

  it('and all that is wrong is said at once', async () => {
    @Controller()
    @RequireEdition('galactic')
    class Routes {
      @RequireFeature('workflw')
      list(): void {}
    }
    const problems = await problemsOf({ controllers: [Routes] }, { ...base, features: ['workflow'] });
    expect(problems.map((problem) => problem.split(/[:;]/)[0])).toEqual([
      'Routes',
      'Routes.list',
      'Routes.list',
    ]);
  });
});

describe('the module imported twice keeps the app from starting', () => {
  const moduleWith = (...imports: Parts['imports'] & object): Type => {
    @Module({ imports })
    class Feature {}
    return Feature;
  };
  const twice = [
    'LicenseModule is imported 2 times, each with a license of its own: ' +
      'import LicenseModule.forRoot() once, in the root module; it is there for all of them',
  ];

  it.each([
    ['with forRoot()', () => LicenseModule.forRoot({ environment: {}, product: 'other' })],
    ['with the same options again', () => LicenseModule.forRoot({ environment: {} })],
    ['with forRootAsync()', () => LicenseModule.forRootAsync({ useFactory: () => ({ environment: {} }) })],
  ])('%s, in a feature module', async (_what, again) => {
    expect(await problemsOf({ imports: [moduleWith(again())] })).toEqual(twice);
  });

  it('but one and the same import may stand in several modules', async () => {
    const licensing = LicenseModule.forRoot({ environment: {}, isGlobal: false });
    @Module({ imports: [licensing, moduleWith(licensing)], controllers: [Flows] })
    class Root {}
    const app = await NestFactory.create(Root, { logger: false, abortOnError: false });
    await expect(app.init()).resolves.toBeDefined();
    await app.close();
  });
});
