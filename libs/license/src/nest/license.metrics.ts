import { Inject, Injectable } from '@nestjs/common';
import { skip } from 'rxjs';

import { LicenseService } from './license.service.js';
import { statusFamilies, type MetricFamily } from './metric-families.js';
import { metricsContentType, metricsText } from './metrics-text.js';
import { registerFamilies, type PrometheusClient } from './prometheus-client.js';
import type { RefusalEvent } from './refusal.js';
import { TalliedLabels } from './tallied-labels.js';

/**
 * The license in numbers, for Prometheus: as text, or in a registry of `prom-client`. No customer, no ids, and no
 * label that a request could fill. Counts from the start of the application.
 */
@Injectable()
export class LicenseMetrics {
  /** Content type of {@link text}, for `@Header()`. */
  static readonly contentType = metricsContentType;
  readonly #refusals = new TalliedLabels(['code', 'reason']);
  readonly #advisory = new TalliedLabels(['feature']);
  #changes = 0;

  constructor(@Inject(LicenseService) private readonly license: LicenseService) {
    license.changes$.pipe(skip(1)).subscribe(() => (this.#changes += 1));
    license.refusals$.subscribe((event) => this.#count(event));
  }

  /**
   * Prometheus text format, for applications without `prom-client`. Other metrics in this format may stand before
   * or after it.
   */
  text(): string {
    return metricsText(this.families());
  }

  /**
   * Registers all metrics in `prom-client`. Once per registry: it throws when a name is taken.
   *
   * @param client the module `prom-client`
   * @param registry default: the global one
   */
  registerWith<Registry>(client: PrometheusClient<Registry>, registry?: Registry): void {
    registerFamilies(() => this.families(), client, registry);
  }

  /** All metrics with their present values, for other formats. */
  families(): readonly MetricFamily[] {
    return [
      ...statusFamilies(this.license.status),
      this.#refusals.family(
        'latchkey_license_refusals_total',
        'What was refused for lack of a license, an edition, a feature or room in a limit.',
      ),
      this.#advisory.family(
        'latchkey_license_advisory_refusals_total',
        'What was let through in advisory mode, and would have been refused.',
      ),
      {
        name: 'latchkey_license_changes_total',
        help: 'How often the status of the license changed.',
        type: 'counter',
        labelNames: [],
        samples: [{ labels: {}, value: this.#changes }],
      },
    ];
  }

  #count({ advisory, body, demand }: RefusalEvent): void {
    if (!advisory) this.#refusals.add(body.code, body.reason);
    else if (demand.kind === 'feature') this.#advisory.add(demand.feature);
  }
}
