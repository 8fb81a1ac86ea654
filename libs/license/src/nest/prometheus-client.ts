import type { Metric } from './metric.js';

/** A gauge or counter of `prom-client`, as far as it is used here. */
interface Instrument {
  reset(): void;
  remove(labels: Record<string, string>): void;
}
interface Gauge extends Instrument {
  set(labels: Record<string, string>, value: number): void;
}
interface Counter extends Instrument {
  inc(labels: Record<string, string>, value: number): void;
}

interface Definition<Registry, Kind> {
  name: string;
  help: string;
  labelNames: string[];
  registers?: Registry[];
  collect(this: Kind): void;
}

/** The module `prom-client`, as far as it is used here: the application passes in its own. */
export interface PrometheusClient<Registry> {
  /** Its class `Gauge`. */
  readonly Gauge: {
    /** Registers a gauge. */
    new (definition: Definition<Registry, Gauge>): unknown;
  };
  /** Its class `Counter`. */
  readonly Counter: {
    /** Registers a counter. */
    new (definition: Definition<Registry, Counter>): unknown;
  };
}

/** Registers metrics in a registry, or in the global one. Their values are read at each scrape. */
export function registerMetrics<Registry>(
  metrics: readonly Metric[],
  client: PrometheusClient<Registry>,
  registry: Registry | undefined,
): void {
  const register = ({ name, help, type, labelNames, samples }: Metric): unknown => {
    const definition = {
      name,
      help,
      labelNames: [...labelNames],
      ...(registry === undefined ? {} : { registers: [registry] }),
    };
    return type === 'gauge'
      ? new client.Gauge({
          ...definition,
          collect() {
            clear(this);
            for (const { labels, value } of samples()) this.set(labels, value);
          },
        })
      : new client.Counter({
          ...definition,
          collect() {
            clear(this);
            for (const { labels, value } of samples()) this.inc(labels, value);
          },
        });
  };
  metrics.forEach(register);
}

/** Takes the old values out, also the 0 that a metric without labels starts with. */
function clear(instrument: Instrument): void {
  instrument.reset();
  instrument.remove({});
}
