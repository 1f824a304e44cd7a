import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinLine, type QueuePriority } from '../../../engine/run/waiting-line.ts';

const one = (name: string, priority: QueuePriority) => ({ name, priority });
const names = (line: readonly { name: string }[]) => line.map(({ name }) => name).join(' ');

test('deployments go before people, people before what may wait; within one kind it is first come, first served', () => {
  let line: readonly { name: string; priority: QueuePriority }[] = [];
  for (const next of [
    ...[one('b1', 'background'), one('i1', 'interactive'), one('d1', 'deploy')],
    ...[one('i2', 'interactive'), one('b2', 'background'), one('d2', 'deploy')],
  ])
    ({ line } = joinLine(line, next, 10));
  expect(names(line)).toBe('d1 d2 i1 i2 b1 b2');
});

test('a full line turns the newcomer away, unless somebody less urgent waits: then that one', () => {
  const line = [one('i1', 'interactive'), one('b1', 'background')];
  expect(joinLine(line, one('b2', 'background'), 2).turnedAway?.name).toBe('b2');
  const { line: joined, turnedAway } = joinLine(line, one('d1', 'deploy'), 2);
  expect([names(joined), turnedAway?.name]).toEqual(['d1 i1', 'b1']);
});

test('whoever comes in whatever order, nobody waits behind somebody less urgent, and nobody is lost', () => {
  const priorities = fc.constantFrom<QueuePriority>('deploy', 'interactive', 'background');
  fc.assert(
    fc.property(fc.array(priorities), fc.integer({ min: 1, max: 8 }), (arrivals, capacity) => {
      let line: readonly { name: string; priority: QueuePriority }[] = [];
      let turnedAway = 0;
      for (const [index, priority] of arrivals.entries()) {
        const joined = joinLine(line, one(String(index), priority), capacity);
        ({ line } = joined);
        if (joined.turnedAway !== undefined) turnedAway += 1;
      }
      const ranks = line.map(({ priority }) => ['deploy', 'interactive', 'background'].indexOf(priority));
      expect(ranks).toEqual([...ranks].sort());
      expect(line.length + turnedAway).toBe(arrivals.length);
      expect(line.length).toBe(Math.min(capacity, arrivals.length));
    }),
  );
});
