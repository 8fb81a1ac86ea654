import { Inject, Injectable } from '@nestjs/common';

import { LicenseService } from './license.service.js';
import type { Metric, MetricSample } from './metric.js';
import { metricsText } from './metrics-text.js';
import { registerMetrics, type PrometheusClient } from './prometheus-client.js';
import type { RefusalEvent } from './refusal.js';
import { statusMetrics } from './status-metrics.js';

/**
 * The license in numbers, for Prometheus: as text, or in a registry of `prom-client`. No customer, no ids, and no
 * label that a request could fill. Counts from the start of the application.
 */
@Injectable()
export class LicenseMetrics {
  /** Content type of {@link text}, for `@Header()`. */
  static readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  readonly #metrics: readonly Metric[];
  readonly #refusals = new Map<string, MetricSample>();
  /** The first one is where the application starts, the others are changes. */
  #statuses = 0;

  /** For Nest. @hidden */
  constructor(@Inject(LicenseService) private readonly license: LicenseService) {
    license.changes$.subscribe(() => (this.#statuses += 1));
    license.refusals$.subscribe((event) => this.#count(event));
    this.#metrics = [
      ...statusMetrics(() => (this.#statuses === 0 ? null : license.status)),
      counter('refusals', 'What was refused.', ['code', 'reason'], () => [...this.#refusals.values()]),
      counter(
        'advisory_refusals',
        'What gates of features in advisory mode let through, and would have refused.',
        ['feature'],
        () => this.#advisory(),
      ),
      counter('changes', 'How often the status of the license changed.', [], () => [
        { labels: {}, value: Math.max(0, this.#statuses - 1) },
      ]),
    ];
  }

  /**
   * Prometheus text format, for applications without `prom-client`. Other metrics in this format may stand before
   * or after it.
   */
  text(): string {
    return metricsText(this.#metrics);
  }

  /**
   * Registers all metrics in `prom-client`, which reads them at each scrape. Once per registry: it throws when a name
   * is taken.
   *
   * @param client the module `prom-client`
   * @param registry default: the global one
   */
  registerWith<Registry>(client: PrometheusClient<Registry>, registry?: Registry): void {
    registerMetrics(this.#metrics, client, registry);
  }

  #count({ advisory, body: { code, reason } }: RefusalEvent): void {
    if (advisory) return; // counted by the service
    const key = `${code} ${reason}`;
    const value = (this.#refusals.get(key)?.value ?? 0) + 1;
    this.#refusals.set(key, { labels: { code, reason }, value });
  }

  #advisory(): readonly MetricSample[] {
    return Object.entries(this.license.advisoryCounts).map(([feature, value]) => ({
      labels: { feature },
      value,
    }));
  }
}

function counter(
  name: string,
  help: string,
  labelNames: readonly string[],
  samples: Metric['samples'],
): Metric {
  return { name: `latchkey_license_${name}_total`, help, type: 'counter', labelNames, samples };
}
