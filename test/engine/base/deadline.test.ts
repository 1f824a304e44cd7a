import { beforeEach, expect, test } from 'vitest';
import { Deadline } from '../../../engine/base/deadline.ts';
import { TestClock } from '../../support/test-clock.ts';

let clock: TestClock;
let expired: number;
let deadline: Deadline;
beforeEach(() => {
  clock = new TestClock();
  expired = 0;
  deadline = new Deadline(clock, 1_000, () => (expired += 1));
});

test('it expires once, after its time', async () => {
  await clock.advance(999);
  expect(expired).toBe(0);
  await clock.advance(10_000);
  expect([expired, clock.pending]).toEqual([1, 0]);
});

test('while questions are open it stands still, and goes on with what was left', async () => {
  await clock.advance(600);
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  const asked = [deadline.during(() => first.promise), deadline.during(() => second.promise)];
  await clock.advance(60_000);
  first.resolve('yes');
  await clock.advance(60_000);
  second.reject(new Error('no'));
  expect(await Promise.allSettled(asked)).toMatchObject([{ value: 'yes' }, { reason: new Error('no') }]);
  await clock.advance(399);
  expect(expired).toBe(0);
  await clock.advance(1);
  expect(expired).toBe(1);
});

test('disposed while a question is open, it does not start again with the answer', async () => {
  const answer = Promise.withResolvers<void>();
  const asked = deadline.during(() => answer.promise);
  deadline.dispose();
  answer.resolve();
  await asked;
  await clock.advance(10_000);
  expect([expired, clock.pending]).toEqual([0, 0]);
});

test('a question asked after it has expired is not timed again', async () => {
  await clock.advance(1_000);
  await deadline.during(() => Promise.resolve());
  await clock.advance(10_000);
  expect([expired, clock.pending]).toEqual([1, 0]);
});
