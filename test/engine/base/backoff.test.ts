import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Backoff } from '../../../engine/base/backoff.ts';

test('delays come in their order, the last one repeats, and a reset starts over', () => {
  const backoff = new Backoff({ delaysMs: [0, 500, 1_000], jitter: 0.5, random: () => 0 });
  expect(Array.from({ length: 5 }, () => backoff.next())).toEqual([0, 500, 1_000, 1_000, 1_000]);
  expect(backoff.attempt).toBe(5);
  backoff.reset();
  expect([backoff.attempt, backoff.next(), backoff.attempt]).toEqual([0, 0, 1]);
});

test('jitter takes at most its part off a delay, and never adds to it', () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.nat(60_000), part, part, (delayMs, jitter, luck) => {
      const delay = new Backoff({ delaysMs: [delayMs], jitter, random: () => luck }).next();
      expect(delay).toBeLessThanOrEqual(delayMs);
      expect(delay).toBeGreaterThanOrEqual(Math.floor(delayMs * (1 - jitter)));
    }),
  );
});
