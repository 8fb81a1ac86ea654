import { Controller, Inject, UseInterceptors } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { LicenseInterceptor, LicenseService, RequireEnterprise, RequireFeature } from '@latchkey/license';

/** The operations as requests, and events. */
@Controller()
export class MessageHandlers {
  /** The events that got through, in order. */
  static events: string[] = [];

  constructor(@Inject(LicenseService) private readonly license: LicenseService) {}

  @MessagePattern('open')
  open(): string {
    return 'open';
  }

  @MessagePattern('enterprise')
  @RequireEnterprise()
  enterprise(): string {
    return 'enterprise';
  }

  @MessagePattern('workflow')
  @RequireFeature('workflow')
  workflow(): string {
    return 'workflow';
  }

  @MessagePattern('apps')
  @UseInterceptors(LicenseInterceptor)
  apps(): string {
    this.license.assertWithinLimit('apps', 3);
    return 'apps';
  }

  @EventPattern('open-event')
  openEvent(@Payload() name: string): void {
    MessageHandlers.events.push(name);
  }

  @EventPattern('gated-event')
  @RequireEnterprise()
  gatedEvent(@Payload() name: string): void {
    MessageHandlers.events.push(name);
  }
}
