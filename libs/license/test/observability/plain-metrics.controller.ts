import { Controller, Get, Header } from '@nestjs/common';
import { LicenseMetrics } from '@latchkey/license';

@Controller('plain-metrics')
export class PlainMetricsController {
  constructor(private readonly license: LicenseMetrics) {}

  @Get()
  @Header('Content-Type', LicenseMetrics.contentType)
  scrape(): string {
    return this.license.text();
  }
}
