import { expect, test } from 'vitest';
import { NotificationWatch } from '../../electron/notification-watch.ts';
import type { AppState } from '../../shared/app-state.ts';
import { appState, hostView } from '../engine/serve/fake-engine.ts';
import { TestClock } from '../support/test-clock.ts';

function setUp() {
  const clock = new TestClock();
  const titles: string[] = [];
  let state: AppState = appState([hostView('shop')]);
  const watch = new NotificationWatch({
    clock,
    state: () => state,
    isWatched: () => false,
    show: ({ title }) => void titles.push(title),
  });
  watch.look();
  return {
    clock,
    titles,
    watch,
    become: (next: HostState): void => {
      state = appState([hostView('shop', { state: next })]);
      watch.look();
    },
  };
}
type HostState = 'ready' | 'reconnecting';

test('a loss is shown when its time has come, though nothing changes any more', async () => {
  const { clock, titles, become } = setUp();
  become('reconnecting');
  await clock.advance(9_999);
  expect(titles).toEqual([]);
  await clock.advance(1);
  expect(titles).toEqual(['shop is not reachable']);
  become('ready');
  await clock.advance(1_000);
  expect(titles).toEqual(['shop is not reachable', 'shop is back']);
  expect(clock.pending).toBe(0);
});

test('after a resume it waits another ten seconds', async () => {
  const { clock, titles, watch, become } = setUp();
  become('reconnecting');
  await clock.advance(9_000);
  watch.didResume();
  await clock.advance(9_999);
  expect(titles).toEqual([]);
  await clock.advance(1);
  expect(titles).toEqual(['shop is not reachable']);
});

test('disposed, it shows nothing more and leaves no timer', async () => {
  const { clock, titles, watch, become } = setUp();
  become('reconnecting');
  watch.dispose();
  become('reconnecting');
  await clock.advance(60_000);
  expect({ titles, timers: clock.pending }).toEqual({ titles: [], timers: 0 });
});
