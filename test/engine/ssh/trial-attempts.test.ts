import { beforeEach, expect, test } from 'vitest';
import { AttemptBudget } from '../../../engine/ssh/attempt-budget.ts';
import { TrialAttempts } from '../../../engine/ssh/trial-attempts.ts';
import { TestClock } from '../../support/test-clock.ts';

const never = new AbortController().signal;
let clock: TestClock;
let budget: AttemptBudget;
let trial: TrialAttempts;
beforeEach(() => {
  clock = new TestClock();
  budget = new AttemptBudget({ clock, burst: 1, attempts: 1, windowMs: 7_000 });
  trial = new TrialAttempts(budget, clock);
});

test('a trial counts against the address like any other attempt', async () => {
  (await trial.request('lab:22', never)).refused('auth-refused');
  expect(budget.view('lab:22')).toMatchObject({ left: 0, recentFailures: [{ code: 'auth-refused' }] });
  expect(clock.pending).toBe(0);
});

test('a trial waits a moment for its turn, and says so when it would have to wait longer', async () => {
  await budget.request('lab:22', never);
  const late = expect(trial.request('lab:22', never)).rejects.toMatchObject({ code: 'attempts-spent' });
  await clock.advance(5_000);
  await late;
  expect(budget.view('lab:22').waiting).toBe(0);
  const soon = trial.request('lab:22', never);
  await clock.advance(2_000);
  (await soon).succeeded();
  expect(clock.pending).toBe(0);
});

test('a trial that is given up stops waiting', async () => {
  await budget.request('lab:22', never);
  const stop = new AbortController();
  const stopped = expect(trial.request('lab:22', stop.signal)).rejects.toThrow('enough');
  stop.abort(new Error('enough'));
  await stopped;
  expect([budget.view('lab:22').waiting, clock.pending]).toEqual([0, 0]);
});
