// A licensed WebSocket gateway (socket.io). Run it: see README.md.
import { LicenseInterceptor, LicenseModule, LicenseService, RequireEnterprise } from '@latchkey/license';
import { Module, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';

interface Said {
  readonly event: 'said';
  readonly data: string;
}

@WebSocketGateway()
class ChatGateway {
  constructor(private readonly license: LicenseService) {}

  @SubscribeMessage('say')
  say(@MessageBody() text: string): Said {
    return { event: 'said', data: text };
  }

  /** A refused client gets the event `exception` with the reason. */
  @SubscribeMessage('translate')
  @RequireEnterprise()
  translate(@MessageBody() text: string): Said {
    return { event: 'said', data: text.toUpperCase() };
  }

  /** The interceptor gives what the handler throws itself the same shape. */
  @SubscribeMessage('invite')
  @UseInterceptors(LicenseInterceptor)
  invite(@MessageBody() guests: string[]): Said {
    this.license.assertWithinLimit('guests', guests.length);
    return { event: 'said', data: `welcome, ${guests.join(' and ')}` };
  }
}

@Module({
  imports: [LicenseModule.forRoot({ product: 'agent-os', community: { limits: { guests: 1 } } })],
  providers: [ChatGateway],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
