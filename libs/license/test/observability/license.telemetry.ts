import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LicenseService } from '@latchkey/license';
import { metrics, trace } from '@opentelemetry/api';

@Injectable()
export class LicenseTelemetry implements OnModuleInit {
  constructor(private readonly license: LicenseService) {}

  onModuleInit(): void {
    const { license } = this;
    const meter = metrics.getMeter('license');

    // Asked at each export. Without attributes that change: the points with the old ones would stay.
    meter
      .createObservableGauge('license.active', { description: '1 while a license is in force' })
      .addCallback((result) => result.observe(Number(license.active)));
    meter
      .createObservableGauge('license.expires', { unit: 's', description: 'Unix time; 0 for no end' })
      .addCallback((result) => result.observe((license.status.expiresAt?.getTime() ?? 0) / 1000));

    const changes = meter.createCounter('license.changes', { description: 'The first status counts, too' });
    license.changes$.subscribe(({ state }) => changes.add(1, { state }));

    // Told while the request is being refused, so the active span is the request's.
    const refusals = meter.createCounter('license.refusals');
    license.refusals$.subscribe(({ body: { code, reason, edition }, advisory }) => {
      refusals.add(1, { code, reason, advisory });
      trace.getActiveSpan()?.setAttribute('license.edition', edition);
      trace.getActiveSpan()?.addEvent('license.refused', { code, reason, advisory });
    });
  }
}
