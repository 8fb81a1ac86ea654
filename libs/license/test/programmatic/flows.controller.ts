import { Controller, Get, Post } from '@nestjs/common';
import { RequireEnterprise, RequireFeature } from '@latchkey/license';

import { AppsService } from './apps.service.js';

@Controller('flows')
export class FlowsController {
  constructor(private readonly apps: AppsService) {}

  @Get()
  @RequireFeature('workflow')
  list(): string[] {
    return ['nightly'];
  }

  @Get('audit')
  @RequireEnterprise()
  @RequireFeature('audit-log')
  audit(): string[] {
    return [];
  }

  @Post('apps')
  createApp(): { seats: number } {
    return this.apps.create();
  }
}
