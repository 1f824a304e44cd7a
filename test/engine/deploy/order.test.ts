import { expect, test } from 'vitest';
import { deployInOrder, orderStacks } from '../../../engine/deploy/order.ts';

const stack = (name: string, host: string, ...after: string[]) => ({ name, host, after });

test('each stack comes after those that it names, otherwise as given', () => {
  const stacks = [stack('web', 'a', 'db', 'cache'), stack('mail', 'b'), stack('db', 'a'), stack('cache', 'b', 'db')];
  expect(orderStacks(stacks)).toEqual({ kind: 'ordered', names: ['db', 'cache', 'web', 'mail'] });
});

test('a cycle is told by its members, and a stack that is not there by name', () => {
  const cycle = [stack('x', 'a', 'a'), stack('a', 'a', 'b'), stack('b', 'a', 'c'), stack('c', 'a', 'a')];
  expect(orderStacks(cycle)).toEqual({ kind: 'cycle', names: ['a', 'b', 'c', 'a'] });
  expect(orderStacks([stack('a', 'a', 'b')])).toEqual({ kind: 'unknown', name: 'b', wantedBy: 'a' });
});

/** Runs the sequence with deployments that end when they are told to. */
function sequence(stacks: ReturnType<typeof stack>[], onFailure: 'stop' | 'continue' = 'stop') {
  const events: string[] = [];
  const ends = new Map<string, (ok: boolean) => void>();
  const finished = deployInOrder({
    stacks,
    onFailure,
    pause: ({ name }) => {
      if (!name.startsWith('slow')) return Promise.resolve();
      events.push(`pause after ${name}`);
      return new Promise((resolve) => ends.set(`pause after ${name}`, () => resolve()));
    },
    skipped: ({ name }, because) => events.push(`${name} left out for ${because}`),
    deploy: ({ name }) => {
      events.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    },
  });
  const end = async (name: string, ok = true) => {
    ends.get(name)?.(ok);
    await new Promise(setImmediate);
  };
  return { events, end, finished };
}

test('hosts go side by side, the stacks of one host one at a time', async () => {
  const { events, end, finished } = sequence([stack('a1', 'a'), stack('a2', 'a'), stack('b1', 'b')]);
  await new Promise(setImmediate);
  expect(events).toEqual(['a1', 'b1']);
  await end('a1');
  expect(events).toEqual(['a1', 'b1', 'a2']);
  await end('a2');
  await end('b1');
  await finished;
});

test('a stack waits for those on other hosts that it comes after', async () => {
  const { events, end, finished } = sequence([stack('db', 'a'), stack('web', 'b', 'db')]);
  await new Promise(setImmediate);
  expect(events).toEqual(['db']);
  await end('db');
  expect(events).toEqual(['db', 'web']);
  await end('web');
  await finished;
});

test('after a failure nothing new starts, or only what depends on it is left out', async () => {
  const stacks = [stack('db', 'a'), stack('web', 'a', 'db'), stack('mail', 'a')];
  const stopping = sequence(stacks, 'stop');
  await stopping.end('db', false);
  await new Promise(setImmediate);
  await stopping.end('db', false);
  await stopping.finished;
  expect(stopping.events).toEqual(['db', 'web left out for db', 'mail left out for db']);

  const going = sequence(stacks, 'continue');
  await new Promise(setImmediate);
  await going.end('db', false);
  await going.end('mail');
  await going.finished;
  expect(going.events).toEqual(['db', 'web left out for db', 'mail']);
});

test('what comes after a stack, there or on its host, waits for its pause; after the last one there is none', async () => {
  const { events, end, finished } = sequence([stack('slow', 'a'), stack('next', 'a'), stack('slow-last', 'b', 'slow')]);
  await new Promise(setImmediate);
  await end('slow');
  expect(events).toEqual(['slow', 'pause after slow']);
  await end('pause after slow');
  expect(events).toEqual(['slow', 'pause after slow', 'next', 'slow-last']);
  await end('next');
  await end('slow-last');
  await finished;
  expect(events).toHaveLength(4);
});
