import { expect, test } from 'vitest';
import { StartPacer } from '../../engine/start-pacer.ts';
import { TestClock } from '../support/test-clock.ts';

/** Hosts that start when they may and end when told. */
function hosts(pacer: StartPacer) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    end: (name: string) => ends.get(name)?.(),
    start: (name: string, signal?: AbortSignal) =>
      pacer.run(() => {
        started.push(name);
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
      }, signal),
  };
}

test('so many start at once, the others in the order of asking as slots come free', async () => {
  const clock = new TestClock();
  const { started, start, end } = hosts(new StartPacer({ clock, limit: 2 }));
  for (const name of ['a', 'b', 'c', 'd']) void start(name);
  await clock.advance(0);
  expect(started).toEqual(['a', 'b']);
  end('b');
  await clock.advance(0);
  expect(started).toEqual(['a', 'b', 'c']);
});

test('hosts that hang give their slots back after a while, and only once', async () => {
  const clock = new TestClock();
  const { started, start, end } = hosts(new StartPacer({ clock, limit: 2, slotMs: 3_000 }));
  const names = Array.from({ length: 6 }, (_, index) => `host-${index}`);
  for (const name of names) void start(name);
  await clock.advance(2_999);
  expect(started).toHaveLength(2);
  await clock.advance(1);
  expect(started).toHaveLength(4);
  end('host-0'); // its slot is somebody else's by now
  await clock.advance(0);
  expect(started).toHaveLength(4);
  await clock.advance(3_000);
  expect(started).toEqual(names);
});

test('a start that fails gives its slot back, and its failure to whoever asked', async () => {
  const clock = new TestClock();
  const pacer = new StartPacer({ clock, limit: 1 });
  await expect(pacer.run(() => Promise.reject(new Error('no route')))).rejects.toThrow('no route');
  await expect(pacer.run(() => Promise.resolve('up'))).resolves.toBe('up');
  expect(clock.pending).toBe(0);
});

test('who is given up while waiting does not start, and holds up nobody', async () => {
  const clock = new TestClock();
  const { started, start, end } = hosts(new StartPacer({ clock, limit: 1 }));
  const given = new AbortController();
  const first = start('first');
  const waiting = start('given up', given.signal);
  void start('last');
  given.abort(new Error('removed'));
  await expect(waiting).rejects.toThrow('removed');
  await expect(start('late', given.signal)).rejects.toThrow('removed');
  end('first');
  await expect(first).resolves.toBe('first');
  await clock.advance(0);
  expect(started).toEqual(['first', 'last']);
});
