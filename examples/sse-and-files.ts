// Licensed server-sent events and file downloads. Run it: see README.md.
import { LicenseModule, RequireEnterprise, RequireFeature } from '@latchkey/license';
import { Controller, Get, Header, Module, Sse, StreamableFile, type MessageEvent } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { map, timer, type Observable } from 'rxjs';

@Controller()
class StreamsController {
  /** Refused before the stream begins, as an ordinary response: 402 with the reason. */
  @Sse('progress')
  @RequireFeature('workflow')
  progress(): Observable<MessageEvent> {
    return timer(0, 1000).pipe(map((seconds) => ({ data: { seconds } })));
  }

  @Get('audit.csv')
  @RequireEnterprise()
  @Header('Cache-Control', 'no-store')
  audit(): StreamableFile {
    return new StreamableFile(Buffer.from('time,user,action\n09:00,7,sign-in\n'), {
      type: 'text/csv',
      disposition: 'attachment; filename="audit.csv"',
    });
  }
}

@Module({
  imports: [LicenseModule.forRoot({ product: 'agent-os' })],
  controllers: [StreamsController],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
