import { Controller, Get, type INestApplication, type Provider, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ClientTCP, MessagePattern, Transport } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { LicenseGuard, RequireEnterprise } from '@latchkey/license';
import { TestIssuer } from '@latchkey/license/testing';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { firstValueFrom, timeout } from 'rxjs';
import { io } from 'socket.io-client';

import { freePort } from '../../../../scripts/free-port.mjs';
import { httpApp, seen, urlOf } from './http-app.js';
import { LicenseByHand } from './license-by-hand.js';
import { refusalBodies } from './refusal-bodies.js';

@Controller()
class Decorated {
  @Get('decorated')
  @MessagePattern('decorated')
  @RequireEnterprise()
  decorated(): string {
    return 'ok';
  }
}

class Base {
  @RequireEnterprise()
  overridden(): unknown {
    return 'ok';
  }
}

/** Only a global guard comes here: what is required is told by the overridden method. */
@Controller()
class Overriding extends Base {
  @Get('overridden')
  override overridden(): string {
    return 'ok';
  }
}

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('decorated')
  @RequireEnterprise()
  decorated(): { event: string; data: string } {
    return { event: 'answer', data: 'ok' };
  }
}

describe.each([
  ['without inheritAppConfig', {}],
  ['with inheritAppConfig', { inheritAppConfig: true }],
])('a hybrid application %s', (_name, hybrid) => {
  let license: LicenseByHand;
  let app: INestApplication;
  let client: ClientTCP;
  let url: string;

  const start = async (
    controllers: Type[],
    configure: (app: INestApplication) => void = () => undefined,
    providers: readonly Provider[] = [],
  ): Promise<void> => {
    license = new LicenseByHand(await TestIssuer.create());
    app = await httpApp(license, { controllers, providers: [Gateway, ...providers] });
    configure(app);
    app.useWebSocketAdapter(new IoAdapter(app));
    const options = { host: '127.0.0.1', port: await freePort() };
    app.connectMicroservice({ transport: Transport.TCP, options }, hybrid);
    await app.startAllMicroservices();
    url = await urlOf(app);
    client = new ClientTCP(options);
    license.isAbsent();
  };
  afterEach(async () => {
    client.close();
    await app.close();
  });

  const get = async (path: string): Promise<unknown> => (await seen(await fetch(`${url}/${path}`))).body;
  const send = (pattern: string): Promise<unknown> =>
    firstValueFrom(client.send(pattern, {}).pipe(timeout(5000))).catch((error: unknown) => error);
  const emit = async (event: string): Promise<unknown> => {
    const socket = io(url, { transports: ['websocket'] });
    const received = new Promise((resolve) => socket.onAny((...message) => resolve(message)));
    socket.emit(event, {});
    return received.finally(() => socket.disconnect());
  };

  const callEach = (): Promise<unknown[]> =>
    Promise.all([get('decorated'), send('decorated'), emit('decorated')]);
  const { absent } = refusalBodies;

  it('refuses a decorated handler on each of its transports, and answers when a license arrives', async () => {
    await start([Decorated]);
    expect(await callEach()).toEqual([absent, absent, ['exception', absent]]);
    license.arrives();
    expect(await callEach()).toEqual(['ok', 'ok', ['answer', 'ok']]);
  });

  it.each<[string, (app: INestApplication) => void, Provider[]]>([
    ['APP_GUARD', () => undefined, [{ provide: APP_GUARD, useExisting: LicenseGuard }]],
    ['useGlobalGuards', (started) => started.useGlobalGuards(started.get(LicenseGuard)), []],
  ])('may have the guard from %s, too', async (_how, configure, providers) => {
    await start([Decorated, Overriding], configure, providers);
    expect(await get('overridden')).toEqual(absent);
    expect(await callEach()).toEqual([absent, absent, ['exception', absent]]);
    license.arrives();
    expect(await get('overridden')).toBe('ok');
    expect(await callEach()).toEqual(['ok', 'ok', ['answer', 'ok']]);
  });
});
