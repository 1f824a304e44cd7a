import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HourlyCounter } from '../../../engine/base/hourly-counter.ts';
import { TestClock } from '../../support/test-clock.ts';

const minuteMs = 60_000;

test('what happened an hour ago is in the total only', async () => {
  const clock = new TestClock();
  const counter = new HourlyCounter(clock);
  counter.add();
  await clock.advance(59 * minuteMs);
  counter.add();
  expect([counter.total, counter.lastHour]).toEqual([2, 2]);
  await clock.advance(minuteMs);
  expect([counter.total, counter.lastHour]).toEqual([2, 1]);
  await clock.advance(59 * minuteMs);
  expect([counter.total, counter.lastHour]).toEqual([2, 0]);
});

test('the last hour is right to the minute, whatever the times', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20 * minuteMs), { maxLength: 20 }), async (pauses) => {
      const clock = new TestClock();
      const counter = new HourlyCounter(clock);
      const times: number[] = [];
      for (const pause of pauses) {
        await clock.advance(pause);
        counter.add();
        times.push(clock.monotonic());
      }
      const since = (ms: number): number => times.filter((time) => time > clock.monotonic() - ms).length;
      expect(counter.lastHour).toBeGreaterThanOrEqual(since(59 * minuteMs));
      expect(counter.lastHour).toBeLessThanOrEqual(since(60 * minuteMs));
    }),
    { numRuns: 30 },
  );
});
