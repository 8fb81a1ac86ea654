import type { MetricFamily, MetricSample } from './metric-families.js';

/** Content type of {@link metricsText}. */
export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** Prometheus text format, version 0.0.4. */
export function metricsText(families: readonly MetricFamily[]): string {
  return families.map(familyText).join('\n');
}

function familyText({ name, help, type, samples }: MetricFamily): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
  return [...lines, ...samples.map((sample) => sampleText(name, sample))].join('\n') + '\n';
}

function sampleText(name: string, { labels, value }: MetricSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

/** An edition or a feature may be called anything. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
