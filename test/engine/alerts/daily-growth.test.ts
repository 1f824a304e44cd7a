import { expect, test } from 'vitest';
import { DailyGrowth } from '../../../engine/alerts/daily-growth.ts';
import { TestClock } from '../../support/test-clock.ts';

test('it is what was added within a day; what was there before does not count', async () => {
  const clock = new TestClock();
  const growth = new DailyGrowth(clock, 1_000);
  expect(growth.read(1_000)).toBe(0);
  expect(growth.read(1_010)).toBe(10);
  for (let hour = 1; hour < 24; hour += 1) {
    await clock.advance(3_600_000);
    expect(growth.read(1_010 + hour)).toBe(10 + hour);
  }
  await clock.advance(3_600_000);
  expect(growth.read(1_033)).toBe(23);
  await clock.advance(30 * 3_600_000);
  expect(growth.read(1_033)).toBe(0);
});

test('a counter that starts over does not shrink it', () => {
  const growth = new DailyGrowth(new TestClock(), 0);
  expect([growth.read(50), growth.read(5), growth.read(7)]).toEqual([50, 50, 52]);
});
