import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { Query, Resolver } from '@nestjs/graphql';
import { MessagePattern, Transport } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';

import { RequireEnterprise, RequireFeature } from './license.decorators.js';
import { LicenseGuard } from './license.guard.js';

type Parts = Pick<Parameters<typeof Module>[0], 'controllers' | 'providers'>;

@Controller()
class Route {
  @Get()
  @RequireEnterprise()
  get(): string {
    return 'ok';
  }
}

@Controller()
@RequireFeature('workflow')
class Routes {
  @Get()
  get(): string {
    return 'ok';
  }
}

@Controller()
class Messages {
  @MessagePattern('flow')
  @RequireEnterprise()
  handle(): string {
    return 'ok';
  }
}

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('flow')
  @RequireEnterprise()
  handle(): string {
    return 'ok';
  }
}

@Resolver()
class Flows {
  @Query(() => String)
  @RequireEnterprise()
  flow(): string {
    return 'ok';
  }
}

@Injectable()
class Service {
  @RequireEnterprise()
  list(): void {}
}

const options = { logger: false, abortOnError: false } as const;
const missing = {
  code: 'MODULE_NOT_IMPORTED',
  message:
    'expected LicenseModule in the application, found none: add LicenseModule.forRoot() to the imports of the root module',
};

describe('an app without the module does not start, and is told what to import, with a decorator', () => {
  it.each<[string, Parts]>([
    ['on a route', { controllers: [Route] }],
    ['on a controller', { controllers: [Routes] }],
    ['on a message handler', { controllers: [Messages] }],
    ['on a gateway', { providers: [Gateway] }],
    ['on a gateway under another name', { providers: [{ provide: 'gateway', useClass: Gateway }] }],
    ['on a resolver', { providers: [Flows] }],
    ['on a plain service', { providers: [Service] }],
    [
      'nowhere, but the guard for everything',
      { providers: [{ provide: APP_GUARD, useClass: LicenseGuard }] },
    ],
  ])('%s', async (_what, parts) => {
    @Module(parts)
    class Root {}
    await expect(NestFactory.create(Root, options)).rejects.toMatchObject(missing);
  });

  it('in a microservice, and in an app without a server', async () => {
    @Module({ controllers: [Messages] })
    class Root {}
    const microservice = { ...options, transport: Transport.TCP, options: { port: 0 } } as const;
    await expect(NestFactory.createMicroservice(Root, microservice)).rejects.toMatchObject(missing);
    await expect(NestFactory.createApplicationContext(Root, options)).rejects.toMatchObject(missing);
  });
});
