import { Controller, Get, type INestApplication } from '@nestjs/common';
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
  @MessagePattern('overridden')
  override overridden(): string {
    return 'ok';
  }
}

@WebSocketGateway()
class OverridingGateway extends Base {
  @SubscribeMessage('overridden')
  override overridden(): { event: string; data: string } {
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
    configure: (app: INestApplication) => void,
    providers: readonly object[] = [],
  ): Promise<void> => {
    license = new LicenseByHand(await TestIssuer.create());
    app = await httpApp(license, {
      controllers: [Decorated, Overriding],
      providers: [OverridingGateway, ...providers] as [typeof OverridingGateway],
    });
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

  it('refuses a decorated handler on each of its transports, and answers when a license arrives', async () => {
    await start(() => undefined);
    expect([await get('decorated'), await send('decorated')]).toEqual(Array(2).fill(refusalBodies.absent));
    license.arrives();
    expect([await get('decorated'), await send('decorated')]).toEqual(['ok', 'ok']);
  });

  const globally: [string, (app: INestApplication) => void, readonly object[]][] = [
    ['APP_GUARD', () => undefined, [{ provide: APP_GUARD, useExisting: LicenseGuard }]],
    ['useGlobalGuards', (started) => started.useGlobalGuards(started.get(LicenseGuard)), []],
  ];
  it.each(globally)('has a guard from %s over HTTP', async (_how, configure, providers) => {
    await start(configure, providers);
    expect(await get('overridden')).toEqual(refusalBodies.absent);
    expect(await get('decorated')).toEqual(refusalBodies.absent);
  });

  it.each(globally)(
    'has a guard from %s in gateways, and in messages only with inheritAppConfig',
    async (...how) => {
      const [, configure, providers] = how;
      await start(configure, providers);
      expect(await send('overridden')).toEqual('inheritAppConfig' in hybrid ? refusalBodies.absent : 'ok');
      expect(await emit('overridden')).toEqual(['exception', refusalBodies.absent]);
    },
  );
});
