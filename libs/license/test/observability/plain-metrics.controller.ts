import { Controller, Get, Header } from '@nestjs/common';
import { LicenseMetrics } from '@latchkey/license';

@Controller('plain-metrics')
export class PlainMetricsController {
  constructor(private readonly license: LicenseMetrics) {}

  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): string {
    return this.license.text();
  }
}
