import { LicenseService, RequireEnterprise } from '@latchkey/license';
import { Controller, Get } from '@nestjs/common';

@Controller()
export class ReportsController {
  constructor(private readonly license: LicenseService) {}

  @Get('reports')
  @RequireEnterprise()
  reports(): { from: string | null } {
    return { from: this.license.status.source };
  }
}
