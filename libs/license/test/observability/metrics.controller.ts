import { Controller, Get, Header } from '@nestjs/common';
import { LicenseMetrics } from '@latchkey/license';
import * as prometheus from 'prom-client';

@Controller('metrics')
export class MetricsController {
  private readonly registry = new prometheus.Registry();

  constructor(license: LicenseMetrics) {
    license.registerWith(prometheus, this.registry); // without a registry: the global one
  }

  @Get()
  @Header('Content-Type', prometheus.Registry.PROMETHEUS_CONTENT_TYPE)
  scrape(): Promise<string> {
    return this.registry.metrics();
  }
}
