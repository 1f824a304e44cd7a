import { expect, test } from 'vitest';
import { ArrivalMerge } from '../../../engine/logs/arrival-merge.ts';
import type { LogLine } from '../../../shared/log.ts';
import { TestClock } from '../../support/test-clock.ts';
import { line } from './frames.ts';

function merging() {
  const clock = new TestClock();
  const told: string[] = [];
  const merge = new ArrivalMerge(clock, (lines) => told.push(...lines.map(({ text }) => text)));
  const push = (...numbers: number[]): void =>
    merge.push(numbers.map((n): LogLine => ({ ...line(n, `${n}`), container: 'web' })));
  return { clock, told, merge, push };
}

test('lines that come within the window are told in the order of time', async () => {
  const { clock, told, push } = merging();
  push(5, 6);
  push(1, 2);
  await clock.advance(60);
  push(3);
  expect(told).toEqual([]);
  await clock.advance(200);
  expect(told).toEqual(['1', '2', '3', '5', '6']);
});

test('a line that comes in the next window is still in order; one that comes later is told as it comes', async () => {
  const { clock, told, push } = merging();
  push(5);
  await clock.advance(110);
  push(4, 9);
  await clock.advance(100);
  expect(told).toEqual(['4', '5']);
  push(1);
  await clock.advance(300);
  expect(told).toEqual(['4', '5', '1', '9']);
  expect(clock.pending).toBe(0);
});

test('nothing waits for ever: neither more lines than there is room for, nor any after a flush', () => {
  const { told, merge, push } = merging();
  push(2, 1);
  merge.flush();
  expect(told).toEqual(['1', '2']);
  for (let n = 0; n <= 10_000; n += 1) push(n);
  expect(told.length).toBeGreaterThan(10_000);
  merge.dispose();
});
