import { Injectable } from '@nestjs/common';
import { LicenseService } from '@latchkey/license';
import { metrics, trace } from '@opentelemetry/api';

@Injectable()
export class LicenseTelemetry {
  constructor(license: LicenseService) {
    const meter = metrics.getMeter('license');

    // Asked at each export.
    meter
      .createObservableGauge('license.active', { description: '1 while a license is in force' })
      .addCallback((result) => {
        const { active, edition, state } = license.status;
        result.observe(Number(active), { edition, state });
      });
    meter
      .createObservableGauge('license.expires', {
        unit: 's',
        description: 'When the license ends, Unix time',
      })
      .addCallback((result) => {
        const { expiresAt } = license.status;
        if (expiresAt !== null) result.observe(expiresAt.getTime() / 1000);
      });

    const changes = meter.createCounter('license.changes');
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
