import { NestFactory } from '@nestjs/core';
import { ClientNats, ClientTCP, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { TestIssuer, until } from '@latchkey/license/testing';
import { firstValueFrom, timeout } from 'rxjs';

import { freePort } from '../../../../scripts/free-port.mjs';
import { Broker } from '../../../../test/support/broker.js';
import { describeTransport, type CalledApp } from './describe-transport.js';
import { errorShapes, type Operation } from './error-shapes.js';
import { rootModule } from './http-app.js';
import { LicenseByHand } from './license-by-hand.js';
import { MessageHandlers } from './message-handlers.js';

let broker: Broker;
beforeAll(async () => {
  broker = await Broker.start();
});
afterAll(() => broker.kill());

interface Connection {
  readonly server: MicroserviceOptions;
  readonly client: ClientTCP | ClientNats;
}
async function tcp(): Promise<Connection> {
  const options = { host: '127.0.0.1', port: await freePort() };
  return { server: { transport: Transport.TCP, options }, client: new ClientTCP(options) };
}
async function nats(): Promise<Connection> {
  const options = { servers: [broker.url] };
  return { server: { transport: Transport.NATS, options }, client: new ClientNats(options) };
}

async function call(client: ClientTCP | ClientNats, operation: Operation): Promise<unknown> {
  try {
    return { response: await firstValueFrom(client.send(operation, {}).pipe(timeout(5000))) };
  } catch (error) {
    return { error };
  }
}

interface MessagedApp extends CalledApp {
  emit(event: string, data: string): Promise<void>;
}

const startOn =
  (connection: () => Promise<Connection>) =>
  async (license: LicenseByHand): Promise<MessagedApp> => {
    const { server, client } = await connection();
    const root = rootModule(license, { controllers: [MessageHandlers] });
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(root, { ...server, logger: false });
    await app.listen();
    await client.connect();
    return {
      call: (operation) => call(client, operation),
      emit: async (event, data) => firstValueFrom(client.emit(event, data), { defaultValue: undefined }),
      stop: async () => {
        await client.close();
        await app.close();
      },
    };
  };

describe('a microservice', () => {
  describeTransport('over TCP', errorShapes.rpc, startOn(tcp));
  describeTransport('over NATS', errorShapes.rpc, startOn(nats));
});

describe.each([
  ['TCP', tcp],
  ['NATS', nats],
])('an event over %s', (_name, connection) => {
  it('is dropped without an answer while it is not licensed, and the service goes on', async () => {
    MessageHandlers.events = [];
    const license = new LicenseByHand(await TestIssuer.create());
    const app = await startOn(connection)(license);
    try {
      license.isAbsent();
      await app.emit('gated-event', 'too early');
      await app.emit('open-event', 'open');
      await until(() => MessageHandlers.events.includes('open'));
      license.arrives();
      await app.emit('gated-event', 'licensed');
      await until(() => MessageHandlers.events.includes('licensed'));
      license.ends();
      await app.emit('gated-event', 'too late');
      await app.emit('open-event', 'still open');
      await until(() => MessageHandlers.events.includes('still open'));
      expect(MessageHandlers.events).toEqual(['open', 'licensed', 'still open']);
    } finally {
      await app.stop();
    }
  });
});
