import { Controller, Get, Inject, UseInterceptors } from '@nestjs/common';
import { LicenseInterceptor, LicenseService, RequireEnterprise, RequireFeature } from '@latchkey/license';

/** The operations as routes. */
@Controller()
export class Routes {
  constructor(@Inject(LicenseService) private readonly license: LicenseService) {}

  @Get('open')
  open(): string {
    return 'open';
  }

  @Get('enterprise')
  @RequireEnterprise()
  enterprise(): string {
    return 'enterprise';
  }

  @Get('workflow')
  @RequireFeature('workflow')
  workflow(): string {
    return 'workflow';
  }

  @Get('apps')
  @UseInterceptors(LicenseInterceptor)
  apps(): string {
    this.license.assertWithinLimit('apps', 3);
    return 'apps';
  }
}
