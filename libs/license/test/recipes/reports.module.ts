import { Controller, Get, Module, Post } from '@nestjs/common';
import { LicenseModule, LicenseService, RequireFeature } from '@latchkey/license';

@Controller('reports')
export class ReportsController {
  readonly #reports: string[] = [];

  constructor(private readonly license: LicenseService) {}

  @Get()
  @RequireFeature('reports')
  list(): string[] {
    return this.#reports;
  }

  @Post()
  create(): string {
    this.license.assertWithinLimit('reports', this.#reports.length + 1);
    this.#reports.push('new report');
    return 'created';
  }
}

@Module({
  imports: [LicenseModule.forRoot({ product: 'crm', community: { limits: { reports: 1 } } })],
  controllers: [ReportsController],
})
export class AppModule {}
