import { expect, test } from 'vitest';
import { LineRing, type LogMemory } from '../../../engine/logs/line-ring.ts';

const text = (n: number, length = 0): { text: string } => ({ text: `${n}`.padEnd(length) });
const numbers = (lines: { text: string }[]): number[] => lines.map((line) => Number(line.text));
const roomy = (): LogMemory => ({ limitBytes: Infinity, usedBytes: 0 });

test('lines come out in their order, as many as are asked for', () => {
  const ring = new LineRing({ lines: 10, bytes: 1e6 }, roomy());
  ring.push([1, 2, 3].map((n) => text(n)));
  expect([numbers(ring.take(2, 1e6)), numbers(ring.take(5, 1e6)), ring.passed, ring.length]).toEqual([
    [1, 2],
    [3],
    3,
    0,
  ]);
});

test('beyond its lines the oldest go, and are counted', () => {
  const ring = new LineRing({ lines: 3, bytes: 1e6 }, roomy());
  ring.push([1, 2, 3, 4, 5].map((n) => text(n)));
  expect([ring.takeDropped(), ring.takeDropped(), ring.passed, numbers(ring.take(9, 1e6))]).toEqual([
    2,
    0,
    2,
    [3, 4, 5],
  ]);
});

test('beyond its bytes the oldest go, but never the newest, however long', () => {
  const ring = new LineRing({ lines: 100, bytes: 10_000 }, roomy());
  ring.push([text(1, 3_000), text(2, 3_000), text(3, 50_000)]);
  expect([ring.takeDropped(), numbers(ring.take(9, 1e6))]).toEqual([2, [3]]);
});

test('the memory of all is shared, and given back', () => {
  const memory = { limitBytes: 1_000, usedBytes: 0 };
  const limits = { lines: 100, bytes: 1e6 };
  const [one, other] = [new LineRing(limits, memory), new LineRing(limits, memory)];
  one.push([text(1), text(2), text(3)]);
  other.push([text(4), text(5), text(6)]);
  expect([one.length, other.length, other.takeDropped()]).toEqual([3, 1, 2]);
  one.clear();
  other.take(9, 1e6);
  expect(memory.usedBytes).toBe(0);
});

test('it is crowded from half of any limit on, unless it is empty', () => {
  const memory = { limitBytes: 1_000, usedBytes: 900 };
  const ring = new LineRing({ lines: 100, bytes: 1e6 }, memory);
  expect(ring.crowded).toBe(false);
  ring.push([text(1)]);
  expect(ring.crowded).toBe(true);
  const own = new LineRing({ lines: 4, bytes: 1e6 }, roomy());
  own.push([text(1), text(2)]);
  expect(own.crowded).toBe(false);
  own.push([text(3)]);
  expect(own.crowded).toBe(true);
});

test('a long life of pushing and taking keeps the order and the count', () => {
  const ring = new LineRing({ lines: 50, bytes: 1e6 }, roomy());
  const taken: number[] = [];
  for (let n = 1; n <= 10_000; n += 1) {
    ring.push([text(n)]);
    if (n % 40 === 0) taken.push(...numbers(ring.take(40, 1e6)));
  }
  expect([taken.length, taken[0], taken.at(-1), ring.takeDropped()]).toEqual([10_000, 1, 10_000, 0]);
});
