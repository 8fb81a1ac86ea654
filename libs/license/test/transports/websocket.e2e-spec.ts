import { once } from 'node:events';

import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { TestIssuer, until } from '@latchkey/license/testing';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

import { describeTransport, type CalledApp } from './describe-transport.js';
import { errorShapes } from './error-shapes.js';
import { Gateway } from './gateway.js';
import { httpApp, urlOf } from './http-app.js';
import { LicenseByHand } from './license-by-hand.js';

async function startSocketIo(license: LicenseByHand): Promise<CalledApp> {
  const app = await httpApp(license, { providers: [Gateway] });
  app.useWebSocketAdapter(new IoAdapter(app));
  const client = io(await urlOf(app), { transports: ['websocket'] });
  return {
    call: (operation) =>
      new Promise((resolve) => {
        client.onAny((...received) => {
          client.offAny();
          resolve(received);
        });
        client.emit(operation, {});
      }),
    stop: async () => {
      client.disconnect();
      await app.close();
    },
  };
}

async function startWs(license: LicenseByHand): Promise<CalledApp> {
  const app = await httpApp(license, { providers: [Gateway] });
  app.useWebSocketAdapter(new WsAdapter(app));
  const client = new WebSocket((await urlOf(app)).replace('http', 'ws'));
  await once(client, 'open');
  return {
    call: async (operation) => {
      client.send(JSON.stringify({ event: operation, data: {} }));
      const [message] = (await once(client, 'message')) as [Buffer];
      return JSON.parse(message.toString()) as unknown;
    },
    stop: async () => {
      client.terminate();
      await app.close();
    },
  };
}

describe('a WebSocket gateway', () => {
  describeTransport('of socket.io', errorShapes.socketIo, startSocketIo);
  describeTransport('of ws', errorShapes.ws, startWs);
});

it('a socket.io client that waits for an acknowledgement gets the exception, and no acknowledgement', async () => {
  const license = new LicenseByHand(await TestIssuer.create());
  const app = await httpApp(license, { providers: [Gateway] });
  app.useWebSocketAdapter(new IoAdapter(app));
  const client = io(await urlOf(app), { transports: ['websocket'] });
  license.isAbsent();
  try {
    const received: unknown[] = [];
    client.onAny((event: string) => received.push(event));
    client.emit('enterprise', {}, () => received.push('acknowledged'));
    await until(() => received.includes('exception'));
    client.emit('open', {});
    await until(() => received.includes('answer'));
    expect(received).toEqual(['exception', 'answer']);
  } finally {
    client.disconnect();
    await app.close();
  }
});
