import type { Metric } from 'prom-client';
import type { Family } from './family.ts';

/** The families in Prometheus' text format. The library is loaded with the first question: most engines are never asked. */
export async function exposition(families: readonly Family[]): Promise<string> {
  const { Registry } = await import('prom-client');
  const registry = new Registry();
  for (const family of families) if (family.samples.length > 0) registry.registerMetric(asMetric(family));
  return registry.metrics();
}

/** All that a registry wants of a metric is its name and its values; prom-client's own classes would have them counted twice. */
function asMetric({ name, help, type, samples }: Family): Metric {
  const values = samples.map(({ labels, value, suffix = '' }) => ({ metricName: `${name}${suffix}`, labels, value }));
  const metric: unknown = { name, get: async () => ({ name, help, type, values, aggregator: 'sum' }) };
  return metric as Metric;
}
