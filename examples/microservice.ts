// A licensed hybrid service: HTTP and messages in one process. Run it: see README.md.
import { LicenseModule, RequireEnterprise, RequireFeature } from '@latchkey/license';
import { Controller, Get, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  EventPattern,
  MessagePattern,
  Payload,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';

@Controller()
class ReportsController {
  readonly #logger = new Logger(ReportsController.name);

  /** One handler, two transports: the refusal is a 402 here and the error of the client there. */
  @Get('report')
  @MessagePattern('report')
  @RequireEnterprise()
  report(): { title: string } {
    return { title: 'Costs' };
  }

  /** An event has nobody to answer to: without the feature it is dropped. */
  @EventPattern('order.created')
  @RequireFeature('workflow')
  onOrder(@Payload() id: string): void {
    this.#logger.log(`workflow started for order ${id}`);
  }
}

@Module({
  imports: [LicenseModule.forRoot({ product: 'agent-os' })],
  controllers: [ReportsController],
})
class AppModule {}

// The same for NATS: { transport: Transport.NATS, options: { servers: ['nats://127.0.0.1:4222'] } }
const messages = { host: '127.0.0.1', port: Number(process.env['MESSAGES_PORT'] ?? 3001) };

const app = await NestFactory.create(AppModule);
app.connectMicroservice<MicroserviceOptions>({ transport: Transport.TCP, options: messages });
await app.startAllMicroservices();
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(`listening on ${await app.getUrl()}`);
