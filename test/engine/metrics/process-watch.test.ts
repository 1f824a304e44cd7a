import { expect, test } from 'vitest';
import { ProcessWatch } from '../../../engine/metrics/process-watch.ts';
import { TestClock } from '../../support/test-clock.ts';
import { waitFor } from '../../support/wait-for.ts';

test('a loop that was held up shows as delay in the next reading, and the process by what it uses', async () => {
  const clock = new TestClock();
  const watch = new ProcessWatch(clock);
  const first = watch.read();
  expect(first.eventLoopDelay).toBeUndefined();
  expect([first.rssBytes > 1e7, first.heapBytes > 1e6, first.cpuSeconds > 0]).toEqual([true, true, true]);
  const held = await waitFor(
    async () => {
      const until = performance.now() + 200;
      while (performance.now() < until) await Promise.resolve(); // nothing else has a turn
      const { eventLoopDelay } = watch.read();
      return eventLoopDelay !== undefined && eventLoopDelay.max > 0.1 && eventLoopDelay;
    },
    { what: 'the delay to be seen' },
  );
  expect(held.max).toBeGreaterThanOrEqual(held.p50);
  watch.dispose();
  expect(clock.pending).toBe(0);
});
