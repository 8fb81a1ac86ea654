import { Controller, Get } from '@nestjs/common';

import type { HealthReport } from './health-report.js';
import { HealthService } from './health.service.js';

/** What an orchestrator and an operator ask. All answers are 200: neither license nor broker is worth a restart. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** The process runs. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The license file was looked at: that happens before HTTP is served at all. */
  @Get('ready')
  ready(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** How the server is, and why. */
  @Get()
  details(): HealthReport {
    return this.health.report();
  }
}
