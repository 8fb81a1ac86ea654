import { once } from 'node:events';

import type { DynamicModule, INestApplication } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Query, Resolver, Subscription } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { RequireEnterprise, type RefusalBody } from '@latchkey/license';
import { TestIssuer, until } from '@latchkey/license/testing';
import { WebSocket } from 'ws';

import { httpApp, urlOf, type Platform } from './http-app.js';
import { LicenseByHand } from './license-by-hand.js';
import { refusalBodies } from './refusal-bodies.js';

let published: ((tick: string) => void) | null = null;

/** Ticks as the test publishes them. */
async function* ticks(): AsyncGenerator<{ ticks: string }> {
  for (;;) {
    const tick = await new Promise<string>((resolve) => (published = resolve));
    published = null;
    yield { ticks: tick };
  }
}

@Resolver()
class Ticker {
  @Query(() => String)
  open(): string {
    return 'open';
  }

  @Subscription(() => String)
  @RequireEnterprise()
  ticks(): AsyncGenerator<{ ticks: string }> {
    return ticks();
  }
}

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

interface Driver {
  readonly platform: Platform;
  readonly graphql: () => DynamicModule;
  /** The messages of a refusal. */
  readonly refused: (id: string, body: RefusalBody) => readonly Message[];
}

const errorsOf = (body: RefusalBody): readonly unknown[] => [
  { message: body.message, locations: [{ line: 1, column: 16 }], path: ['ticks'], extensions: body },
];

const drivers: Record<string, Driver> = {
  'Apollo on Express': {
    platform: 'Express',
    refused: (id, body) => [
      { id, type: 'next', payload: { errors: errorsOf(body) } },
      { id, type: 'complete' },
    ],
    graphql: () =>
      GraphQLModule.forRoot<ApolloDriverConfig>({
        driver: ApolloDriver,
        autoSchemaFile: true,
        subscriptions: { 'graphql-ws': true },
      }),
  },
  'Mercurius on Fastify': {
    platform: 'Fastify',
    refused: (id, body) => [{ id, type: 'error', payload: errorsOf(body) }],
    graphql: () =>
      GraphQLModule.forRoot<MercuriusDriverConfig>({
        driver: MercuriusDriver,
        autoSchemaFile: true,
        subscription: true,
      }),
  },
};

/** Speaks graphql-transport-ws, the protocol of graphql-ws. */
class Subscriber {
  readonly messages: Message[] = [];

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.messages.push(JSON.parse(data.toString()) as Message));
  }

  static async connect(url: string): Promise<Subscriber> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const subscriber = new Subscriber(socket);
    await once(socket, 'open');
    subscriber.#send({ type: 'connection_init' });
    await until(() => subscriber.messages.some(({ type }) => type === 'connection_ack'));
    return subscriber;
  }

  subscribe(id: string): void {
    this.#send({ id, type: 'subscribe', payload: { query: 'subscription { ticks }' } });
  }

  about(id: string): Message[] {
    return this.messages.filter((message) => message.id === id);
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  #send(message: Message): void {
    this.socket.send(JSON.stringify(message));
  }
}

describe.each(Object.entries(drivers))('a GraphQL subscription, with %s', (_name, driver) => {
  let app: INestApplication;
  let license: LicenseByHand;
  let client: Subscriber;

  beforeEach(async () => {
    published = null;
    license = new LicenseByHand(await TestIssuer.create());
    app = await httpApp(license, { imports: [driver.graphql()], providers: [Ticker] }, driver.platform);
    client = await Subscriber.connect(await urlOf(app));
    license.isAbsent();
  });
  afterEach(async () => {
    await client.close();
    await app.close();
  });

  const expectRefused = async (id: string, body: RefusalBody): Promise<void> => {
    const expected = driver.refused(id, body);
    client.subscribe(id);
    await until(() => client.about(id).length === expected.length);
    expect(client.about(id)).toEqual(expected);
  };

  it('is refused when it is asked for', async () => {
    await expectRefused('1', refusalBodies.absent);
    expect(published).toBeNull();
  });

  it('begins with a license, and is not cut off when that ends', async () => {
    license.arrives();
    client.subscribe('1');
    for (const [index, tick] of ['one', 'two'].entries()) {
      const count = index + 1;
      await until(() => published !== null);
      published?.(tick);
      const message = { id: '1', type: 'next', payload: { data: { ticks: tick } } };
      await until(() => client.about('1').length === count);
      expect(client.about('1').at(-1)).toEqual(message);
      license.ends();
    }
    await expectRefused('2', refusalBodies.expired);
  });
});
