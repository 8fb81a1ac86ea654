import { Controller, Get, type INestApplication, type ModuleMetadata, type Type } from '@nestjs/common';
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

/** Only a global guard would come here, and only with inheritAppConfig. */
@Controller()
class OverridingMessage extends Base {
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
    providers: ModuleMetadata['providers'] & object,
    controllers: Type[],
  ): Promise<void> => {
    license = new LicenseByHand(await TestIssuer.create());
    app = await httpApp(license, { controllers, providers });
    configure(app);
    app.useWebSocketAdapter(new IoAdapter(app));
    const options = { host: '127.0.0.1', port: await freePort() };
    app.connectMicroservice({ transport: Transport.TCP, options }, hybrid);
    client = new ClientTCP(options);
    await app.startAllMicroservices();
    url = await urlOf(app);
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
    await start(() => undefined, [], [Decorated]);
    expect([await get('decorated'), await send('decorated')]).toEqual(Array(2).fill(refusalBodies.absent));
    license.arrives();
    expect([await get('decorated'), await send('decorated')]).toEqual(['ok', 'ok']);
  });

  const globally: [string, (app: INestApplication) => void, ModuleMetadata['providers'] & object][] = [
    ['APP_GUARD', () => undefined, [{ provide: APP_GUARD, useExisting: LicenseGuard }]],
    ['useGlobalGuards', (started) => started.useGlobalGuards(started.get(LicenseGuard)), []],
  ];
  it.each(globally)('has a guard from %s over HTTP', async (_how, configure, providers) => {
    await start(configure, providers, [Decorated, Overriding]);
    expect(await get('overridden')).toEqual(refusalBodies.absent);
    expect(await get('decorated')).toEqual(refusalBodies.absent);
  });

  it.each(globally)('has a guard from %s in gateways', async (_how, configure, providers) => {
    await start(configure, [OverridingGateway, ...providers], []);
    expect(await emit('overridden')).toEqual(['exception', refusalBodies.absent]);
  });

  it.each(globally)(
    'does not start when a message handler counts on a guard from %s, which may not reach it',
    async (_how, configure, providers) => {
      await expect(start(configure, providers, [OverridingMessage])).rejects.toMatchObject({
        problems: [expect.stringContaining('OverridingMessage.overridden: it replaces a method with')],
      });
    },
  );
});
