import { expect, test } from 'vitest';
import { emitted } from '../../../engine/base/emitted.ts';

const never = new AbortController().signal;

test('what is emitted comes in order, and the stream ends with the work', async () => {
  const seen: number[] = [];
  const stream = emitted<number>(async (emit) => {
    await emit(1);
    void emit(2);
    void emit(3);
  }, never);
  for await (const value of stream) seen.push(value);
  expect(seen).toEqual([1, 2, 3]);
});

test('who awaits what he emits waits for the reader', async () => {
  const sent: number[] = [];
  const stream = emitted<number>(async (emit) => {
    for (const value of [1, 2, 3]) {
      sent.push(value);
      await emit(value);
    }
  }, never);
  expect(await stream.next()).toEqual({ value: 1, done: false });
  await Promise.resolve();
  expect(sent).toEqual([1, 2]);
  await stream.return();
});

test('a failure of the work comes after what it had emitted', async () => {
  const stream = emitted<number>(async (emit) => {
    void emit(1);
    throw new Error('broke');
  }, never);
  expect(await stream.next()).toEqual({ value: 1, done: false });
  await expect(stream.next()).rejects.toThrow('broke');
});

test('who stops reading aborts the work, and is gone only when it has ended', async () => {
  let ended = false;
  const stream = emitted<number>(async (emit, signal) => {
    void emit(1);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    await emit(2);
    ended = true;
  }, never);
  await stream.next();
  await stream.return();
  expect(ended).toBe(true);
});
