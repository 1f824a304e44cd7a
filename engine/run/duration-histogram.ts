import type { CommandFigures } from '../../shared/run.ts';

export type DurationHistogram = CommandFigures['durations'];

/** Upper bounds, ms: from a quick look to a long deployment. */
const bounds = [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

export const emptyHistogram: DurationHistogram = {
  count: 0,
  sumMs: 0,
  buckets: bounds.map((leMs) => ({ leMs, count: 0 })),
};

/** The histogram with one more duration. Buckets are cumulative, as Prometheus has them; what is longer than all is in `count` only. */
export function withDuration({ count, sumMs, buckets }: DurationHistogram, ms: number): DurationHistogram {
  return {
    count: count + 1,
    sumMs: sumMs + Math.round(ms),
    buckets: buckets.map((bucket) => (ms <= bucket.leMs ? { ...bucket, count: bucket.count + 1 } : bucket)),
  };
}
