import { expect, test, vi } from 'vitest';
import { Emitter } from '../../../engine/base/emitter.ts';

test('everyone who listens hears, in the order of listening, until they end it', () => {
  const emitter = new Emitter<number>();
  const heard: string[] = [];
  const one = emitter.event((value) => heard.push(`one ${value}`));
  emitter.event((value) => heard.push(`two ${value}`));
  emitter.fire(1);
  void one.dispose();
  emitter.fire(2);
  emitter.dispose();
  emitter.fire(3);
  expect(heard).toEqual(['one 1', 'two 1', 'two 2']);
});

test('the same function may listen twice, and each ends for itself', () => {
  const emitter = new Emitter<number>();
  const listener = vi.fn();
  const subscriptions = [emitter.event(listener), emitter.event(listener)];
  void subscriptions[0]?.dispose();
  emitter.fire(1);
  expect(listener).toHaveBeenCalledTimes(1);
});

test('who is let go by a listener before them hears no more, and who joins meanwhile hears from the next on', () => {
  const emitter = new Emitter<number>();
  const heard: string[] = [];
  emitter.event((value) => {
    void second.dispose();
    if (value === 1) emitter.event((later) => heard.push(`joined ${later}`));
  });
  const second = emitter.event(() => heard.push('let go'));
  emitter.fire(1);
  emitter.fire(2);
  expect(heard).toEqual(['joined 2']);
});

test('a listener that throws keeps nothing from the others, and its error is not lost', async () => {
  const emitter = new Emitter<string>();
  const uncaught = Promise.withResolvers<unknown>();
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').once('uncaughtException', uncaught.resolve);
  const heard: string[] = [];
  emitter.event(() => {
    throw new Error('mine');
  });
  emitter.event((value) => heard.push(value));
  emitter.fire('news');
  expect(await uncaught.promise).toEqual(new Error('mine'));
  for (const other of others) process.on('uncaughtException', other);
  expect(heard).toEqual(['news']);
});
