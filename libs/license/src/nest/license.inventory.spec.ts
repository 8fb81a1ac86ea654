import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { All, Controller, Get, Module, Post, Sse, type INestApplication } from '@nestjs/common';
import { NestFactory, RouterModule } from '@nestjs/core';
import {
  Field,
  GraphQLModule,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { NEVER, type Observable } from 'rxjs';

import { CommunityAllowed, RequireEdition, RequireEnterprise, RequireFeature } from './license.decorators.js';
import { LicenseInventory } from './license.inventory.js';
import { LicenseModule } from './license.module.js';

@Controller(['flows', 'v2/flows'])
@RequireEnterprise()
class Flows {
  @Get(':id')
  @RequireFeature('workflow')
  one(): string {
    return 'ok';
  }

  @Post()
  add(): string {
    return 'ok';
  }

  @Get('public')
  @CommunityAllowed()
  open(): string {
    return 'ok';
  }
}

@Controller('admin')
class Admin {
  @Get()
  open(): string {
    return 'ok';
  }

  @All(['audit', 'log'])
  @RequireFeature('audit-log', 'export')
  audit(): string {
    return 'ok';
  }

  @Sse('stream')
  @RequireEdition('professional')
  stream(): Observable<MessageEvent> {
    return NEVER;
  }
}

@Controller()
class Messages {
  @MessagePattern({ cmd: 'flow' })
  @Get('flow')
  @RequireFeature('workflow')
  flow(): string {
    return 'ok';
  }

  @EventPattern('flow.done')
  @RequireFeature('workflow')
  done(_data: unknown): void {}
}

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('flow')
  @RequireFeature('workflow')
  flow(): string {
    return 'ok';
  }

  @SubscribeMessage('ping')
  ping(): string {
    return 'pong';
  }
}

@ObjectType()
class Flow {
  @Field(() => String)
  id = '1';
}

@Resolver(() => Flow)
class FlowResolver {
  @Query(() => Flow, { name: 'oneFlow' })
  @RequireFeature('workflow')
  flow(): Flow {
    return new Flow();
  }

  @Mutation(() => Flow)
  @RequireFeature('workflow')
  addFlow(): Flow {
    return new Flow();
  }

  @Subscription(() => Flow)
  @RequireFeature('workflow')
  flows(): AsyncIterable<Flow> {
    return { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
  }

  @ResolveField(() => String)
  @RequireEnterprise()
  history(): string {
    return 'ok';
  }
}

describe('the inventory of a running app', () => {
  let app: INestApplication;

  beforeAll(async () => {
    @Module({ controllers: [Admin] })
    class AdminModule {}
    @Module({
      imports: [
        LicenseModule.forRoot({ environment: {} }),
        AdminModule,
        RouterModule.register([{ path: 'internal', module: AdminModule }]),
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          autoSchemaFile: true,
          fieldResolverEnhancers: ['guards'],
        }),
      ],
      controllers: [Flows, Messages],
      providers: [Gateway, FlowResolver],
    })
    class Root {}
    app = await NestFactory.create(Root, { logger: false, abortOnError: false });
    await app.useWebSocketAdapter(new WsAdapter(app)).listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  const linesOf = (transport: string): string[] =>
    app
      .get(LicenseInventory)
      .gates()
      .filter((gate) => gate.transport === transport)
      .map((gate) => {
        const needs = gate.requirements.map((one) => (one.kind === 'edition' ? one.edition : one.feature));
        return `${gate.kind} ${gate.pattern} ${gate.class}.${gate.handler} ${needs.join('+')}`;
      });

  it('lists every gated route, each spelling of it, with what class and method require', () => {
    expect(linesOf('http')).toEqual([
      'GET /flows/:id Flows.one enterprise+workflow',
      'GET /v2/flows/:id Flows.one enterprise+workflow',
      'POST /flows Flows.add enterprise',
      'POST /v2/flows Flows.add enterprise',
      'GET /flows/public Flows.open ',
      'GET /v2/flows/public Flows.open ',
      'GET /flow Messages.flow workflow',
      'ALL /internal/admin/audit Admin.audit audit-log+export',
      'ALL /internal/admin/log Admin.audit audit-log+export',
      'GET /internal/admin/stream Admin.stream professional',
    ]);
  });

  it('lists message and event handlers', () => {
    expect(linesOf('rpc')).toEqual([
      'message {"cmd":"flow"} Messages.flow workflow',
      'event flow.done Messages.done workflow',
    ]);
  });

  it('lists the messages of gateways', () => {
    expect(linesOf('ws')).toEqual(['message flow Gateway.flow workflow']);
  });

  it('lists resolvers and fields', () => {
    expect(linesOf('graphql')).toEqual([
      'query oneFlow FlowResolver.flow workflow',
      'mutation addFlow FlowResolver.addFlow workflow',
      'subscription flows FlowResolver.flows workflow',
      'field Flow.history FlowResolver.history enterprise',
    ]);
  });

  it('says which handlers of a gated class are open to everybody', () => {
    const gates = app.get(LicenseInventory).gates();
    expect([...new Set(gates.filter((gate) => gate.communityAllowed).map((gate) => gate.handler))]).toEqual([
      'open',
    ]);
    expect(gates[0]).toEqual({
      transport: 'http',
      kind: 'GET',
      pattern: '/flows/:id',
      class: 'Flows',
      handler: 'one',
      requirements: [
        { kind: 'edition', edition: 'enterprise' },
        { kind: 'feature', feature: 'workflow' },
      ],
      communityAllowed: false,
    });
    expect(Object.isFrozen(gates) && Object.isFrozen(gates[0])).toBe(true);
  });
});
