import { LicenseService, RequireEnterprise, RequireFeature, type LicenseStatus } from '@latchkey/license';
import { Controller, Get } from '@nestjs/common';

import { config } from './config.js';

@Controller()
export class DemoController {
  constructor(private readonly license: LicenseService) {}

  /** Open to everyone. */
  @Get()
  about(): { service: string; edition: string } {
    return { service: config.serviceName, edition: this.license.status.edition };
  }

  /** What this instance believes about its license, and why. */
  @Get('license')
  status(): LicenseStatus {
    return this.license.status;
  }

  @Get('operate-logs')
  @RequireEnterprise()
  operateLogs(): { entries: string[] } {
    return { entries: [`${config.serviceName} was asked for its operate logs`] };
  }

  @Get('workflows')
  @RequireFeature('workflow')
  workflows(): { workflows: string[] } {
    return { workflows: ['nightly-report'] };
  }
}
