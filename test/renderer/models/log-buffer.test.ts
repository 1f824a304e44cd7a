import { expect, test } from 'vitest';
import { LogBuffer } from '../../../renderer/models/log-buffer.ts';
import { rowOf } from '../../../renderer/models/log-rows.ts';

const rows = (...texts: string[]): ReturnType<typeof rowOf>[] =>
  texts.map((text) => {
    const at = '2026-11-20T14:31:02.118456789Z';
    return rowOf({ at, stream: 'stdout', container: 'web', text });
  });

test('rows that were handed out stay as they were, while others come and go', () => {
  const buffer = new LogBuffer(3);
  buffer.append(rows('a', 'b'));
  const before = buffer.rows;
  expect(buffer.rows).toBe(before);
  buffer.append(rows('c', 'd'));
  expect([before, buffer.rows].map((all) => all.map(({ number }) => number))).toEqual([
    [0, 1],
    [1, 2, 3],
  ]);
});

test('what has gone is counted no more', () => {
  const buffer = new LogBuffer(2);
  buffer.append(rows('error a', 'warn b'));
  buffer.append(rows('c'));
  buffer.prepend(rows('error, too old to have room'));
  expect(buffer.counts).toEqual({ services: new Map([['web', 2]]), warn: 1, error: 0 });
});
