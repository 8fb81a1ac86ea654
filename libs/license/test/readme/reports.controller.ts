import { Controller, Get, Post } from '@nestjs/common';
import { LicenseService, RequireEnterprise, RequireFeature } from '@latchkey/license';

@Controller('reports')
export class ReportsController {
  readonly #reports: string[] = [];

  constructor(private readonly license: LicenseService) {}

  @Get('audit')
  @RequireEnterprise() // or @RequireEdition('professional')
  audit(): string[] {
    return [];
  }

  @Get('forecast')
  @RequireFeature('forecast')
  forecast(): string {
    return 'up';
  }

  @Post()
  create(): number {
    this.license.assertWithinLimit('reports', this.#reports.length + 1); // throws the refusal
    return this.#reports.push('new report');
  }
}
