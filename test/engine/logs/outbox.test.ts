import { expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { Outbox } from '../../../engine/logs/outbox.ts';
import type { LogEvent, LogLine } from '../../../shared/log.ts';
import { line } from './frames.ts';

const lines = (...numbers: number[]): LogLine[] => numbers.map((n) => ({ ...line(n, `${n}`), container: 'web' }));
const stopped: LogEvent = { kind: 'ended', container: 'web', reason: 'stopped' };

function outbox(limit = 1_000, whenSlow: 'drop' | 'wait' = 'drop') {
  const memory = { limitBytes: Infinity, usedBytes: 0 };
  const left = new AbortController();
  const box = new Outbox({ limits: { lines: limit, bytes: 1e9 }, memory, whenSlow, clock: systemClock });
  const events = box.events(left.signal);
  const next = async (): Promise<string> => {
    const { value } = await events.next();
    if (value.kind === 'lines') return value.lines.map(({ text }) => text).join();
    return value.kind === 'gap' ? `gap ${value.lines}` : value.kind;
  };
  return { box, memory, left, events, next };
}

test('lines are told in batches, and notes between those that they came between', async () => {
  const { box, next } = outbox();
  box.push(lines(1, 2));
  box.note(stopped);
  box.push(lines(3));
  box.push(lines(4));
  expect([await next(), await next(), await next()]).toEqual(['1,2', 'ended', '3,4']);
  setImmediate(() => box.push(lines(5)));
  expect(await next()).toBe('5');
});

test('a note comes even where all lines before it were dropped, after what says so', async () => {
  const { box, next } = outbox(2);
  box.push(lines(1));
  box.note(stopped);
  box.push(lines(2, 3, 4));
  expect([await next(), await next(), await next()]).toEqual(['gap 2', 'ended', '3,4']);
});

test('a batch has a thousand lines at most', async () => {
  const { box, next } = outbox(5_000);
  box.push(lines(...Array.from({ length: 2_500 }, (_, index) => index)));
  const sizes = [await next(), await next(), await next()].map((text) => text.split(',').length);
  expect(sizes).toEqual([1_000, 1_000, 500]);
});

test('who waits for room goes on when the reader has made some, and not before', async () => {
  const { box, next, left } = outbox(4, 'wait');
  box.push(lines(1, 2, 3, 4, 5, 6));
  let isRoomy = false;
  const waiting = box.roomy(left.signal).then(() => (isRoomy = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isRoomy).toBe(false);
  expect(await next()).toBe('1,2,3,4,5,6');
  await waiting;
});

test('who leaves gives the memory back, and nobody waits on', async () => {
  const { box, memory, left, events, next } = outbox(4);
  box.push(lines(1));
  await next();
  const waiting = events.next();
  left.abort(new Error('left'));
  await expect(waiting).rejects.toThrow('left');
  box.push(lines(2, 3, 4));
  await expect(box.roomy(left.signal)).rejects.toThrow('left');
  expect(await events.next()).toEqual({ value: undefined, done: true });
  expect(memory.usedBytes).toBeGreaterThanOrEqual(0);
});
