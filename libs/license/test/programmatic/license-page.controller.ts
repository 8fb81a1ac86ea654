import { Controller, Get, Param } from '@nestjs/common';
import { LicenseService, type Explanation } from '@latchkey/license';

@Controller('license')
export class LicensePageController {
  constructor(private readonly license: LicenseService) {}

  @Get('features/:name')
  explain(@Param('name') name: string): Explanation {
    return this.license.explain(name);
  }
}
