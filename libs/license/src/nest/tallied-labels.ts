import type { MetricFamily, MetricSample } from './metric-families.js';

/** Series per counter: far more than an application has features, and little for Prometheus. */
const maxSeries = 100;

/** A counter with labels. However many values they take, it stays small: the ones beyond it are counted together. */
export class TalliedLabels {
  readonly #samples = new Map<string, MetricSample>();

  constructor(private readonly labelNames: readonly string[]) {}

  /** Counts one more with these label values, given in the order of the names. */
  add(...values: readonly string[]): void {
    const known = this.#samples.has(JSON.stringify(values));
    const counted = known || this.#samples.size < maxSeries ? values : this.labelNames.map(() => 'other');
    const key = JSON.stringify(counted);
    const labels = Object.fromEntries(this.labelNames.map((name, index) => [name, counted[index] ?? '']));
    this.#samples.set(key, { labels, value: (this.#samples.get(key)?.value ?? 0) + 1 });
  }

  family(name: string, help: string): MetricFamily {
    return { name, help, type: 'counter', labelNames: this.labelNames, samples: [...this.#samples.values()] };
  }
}
