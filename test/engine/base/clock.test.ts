import { describe, expect, test } from 'vitest';
import { sleep, systemClock, withTimeout } from '../../../engine/base/clock.ts';
import { TestClock } from '../../support/test-clock.ts';

const late = (): Error => new Error('too late');

describe('a sleep', () => {
  test('ends after its time, and no longer listens to its signal', async () => {
    const clock = new TestClock();
    const stop = new AbortController();
    const slept = sleep(clock, 100, stop.signal);
    await clock.advance(100);
    stop.abort(new Error('woken'));
    await expect(slept).resolves.toBeUndefined();
  });

  test('ends with the signal’s reason, at once, and leaves no timer', async () => {
    const clock = new TestClock();
    const stop = new AbortController();
    const slept = sleep(clock, 100, stop.signal);
    stop.abort(new Error('woken'));
    await expect(slept).rejects.toThrow('woken');
    await expect(sleep(clock, 100, stop.signal)).rejects.toThrow('woken');
    expect(clock.pending).toBe(0);
  });
});

describe('a time limit', () => {
  test.each([
    ['a result', () => Promise.resolve('done'), { status: 'fulfilled', value: 'done' }],
    ['a failure', () => Promise.reject(new Error('broken')), { status: 'rejected', reason: new Error('broken') }],
  ])('passes on %s and leaves no timer', async (_title, work, outcome) => {
    const clock = new TestClock();
    expect(await Promise.allSettled([withTimeout<string>(clock, 100, work(), late)])).toEqual([outcome]);
    expect(clock.pending).toBe(0);
  });

  test('rejects after its time; what comes later, a failure too, is nobody’s business', async () => {
    const clock = new TestClock();
    const work = Promise.withResolvers<string>();
    const limited = expect(withTimeout(clock, 100, work.promise, late)).rejects.toThrow('too late');
    await clock.advance(100);
    await limited;
    work.reject(new Error('unheard'));
    await clock.advance(0);
  });
});

test('the system’s clock runs what is due, and nothing that was disposed', async () => {
  const ran: string[] = [];
  const disposed = [systemClock.after(0, () => ran.push('after')), systemClock.every(1, () => ran.push('every'))];
  for (const timer of disposed) void timer.dispose();
  let turns = 0;
  await new Promise<void>((resolve) => {
    const background = systemClock.every(1, () => {
      if (++turns < 3) return;
      void background.dispose();
      resolve();
    });
    systemClock.after(10_000, () => ran.push('too long'), { background: true });
  });
  expect([turns, ran]).toEqual([3, []]);
});
