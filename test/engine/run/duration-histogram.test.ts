import { expect, test } from 'vitest';
import { emptyHistogram, withDuration } from '../../../engine/run/duration-histogram.ts';

test('a duration counts in each bucket that it fits in; what is longer than all of them counts in the total only', () => {
  const { count, sumMs, buckets } = [100, 101, 2_000, 2_000_000].reduce(withDuration, emptyHistogram);
  expect({ count, sumMs }).toEqual({ count: 4, sumMs: 2_002_201 });
  expect(buckets.map((bucket) => [bucket.leMs, bucket.count])).toEqual([
    ...[
      [100, 1],
      [300, 2],
      [1_000, 2],
      [3_000, 3],
      [10_000, 3],
    ],
    ...[
      [30_000, 3],
      [100_000, 3],
      [300_000, 3],
      [1_000_000, 3],
    ],
  ]);
});
