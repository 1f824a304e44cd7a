import { expect, test } from 'vitest';
import { DurationHistogram } from '../../../engine/metrics/duration-histogram.ts';

test('a duration counts in its bucket and all above, the bound itself included', () => {
  const histogram = new DurationHistogram('h', 'help', [0.1, 1]);
  for (const ms of [50, 100, 101, 5_000]) histogram.observe({ host: 'shop' }, ms);
  expect(histogram.family().samples.map(({ suffix, labels, value }) => [suffix, labels['le'], value])).toEqual([
    ['_bucket', '0.1', 2],
    ['_bucket', '1', 3],
    ['_bucket', '+Inf', 4],
    ['_sum', undefined, 5.251],
    ['_count', undefined, 4],
  ]);
});

test('what is no longer wanted is forgotten, and begins anew', () => {
  const histogram = new DurationHistogram('h', 'help', [1]);
  histogram.observe({ host: 'shop' }, 10);
  expect(histogram.family(({ host }) => host !== 'shop').samples).toEqual([]);
  histogram.observe({ host: 'shop' }, 10);
  expect(histogram.family().samples.at(-1)?.value).toBe(1);
});
