import { beforeEach, expect, test } from 'vitest';
import { AttemptBudget } from '../../../engine/ssh/attempt-budget.ts';
import { HostAttempts } from '../../../engine/ssh/host-attempts.ts';
import { TestClock } from '../../support/test-clock.ts';

const never = new AbortController().signal;
let clock: TestClock;
let budget: AttemptBudget;
let host: HostAttempts;
beforeEach(() => {
  clock = new TestClock();
  budget = new AttemptBudget({ clock, burst: 1, attempts: 1, windowMs: 60_000 });
  host = new HostAttempts(budget);
});

test('before its first attempt a host has nothing to show, and nothing to hurry', () => {
  host.tryNow();
  expect(host.view).toBeUndefined();
});

test('what counts is the address asked for last, which is the host’s own', async () => {
  (await host.request('jump:22', never)).succeeded();
  (await host.request('lab:22', never)).refused('auth-refused');
  expect(host.view).toEqual(budget.view('lab:22'));
  expect(host.view?.recentFailures).toEqual([{ at: clock.now(), code: 'auth-refused' }]);
});

test('two hosts behind one jump host wait for each other, and a user who does not want to goes first', async () => {
  (await new HostAttempts(budget).request('jump:22', never)).succeeded();
  const waiting = host.request('jump:22', never);
  expect(host.view).toMatchObject({ left: 0, waiting: 1 });
  host.tryNow();
  (await waiting).succeeded();
  expect(host.view?.waiting).toBe(0);
  budget.dispose();
});

test('who stops waiting is not counted', async () => {
  await host.request('lab:22', never);
  const stop = new AbortController();
  const waiting = host.request('lab:22', stop.signal);
  stop.abort(new Error('removed'));
  await expect(waiting).rejects.toThrow('removed');
  expect([host.view?.waiting, clock.pending]).toEqual([0, 0]);
});
