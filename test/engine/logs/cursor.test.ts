import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogCursor } from '../../../engine/logs/cursor.ts';
import { at, line } from './frames.ts';

test('before anything was read, all is asked for; afterwards from a second before the newest line', () => {
  const cursor = new LogCursor();
  expect([cursor.since, cursor.newest]).toEqual([undefined, undefined]);
  cursor.admit([line(5), line(3, 'other', 'stderr')]);
  expect([cursor.since, cursor.newest]).toEqual(['1767225599.000000005', at(5)]);
});

test('lines of one moment are told apart by their number', () => {
  const cursor = new LogCursor();
  cursor.admit([line(1), line(2, 'a'), line(2, 'b')]);
  cursor.reattach();
  expect(cursor.admit([line(1), line(2, 'a'), line(2, 'b'), line(2, 'c'), line(3)])).toEqual([line(2, 'c'), line(3)]);
});

test('without a new attach nothing is left out, even when the clock of the host goes back', () => {
  const cursor = new LogCursor();
  cursor.admit([line(9)]);
  expect(cursor.admit([line(4)])).toEqual([line(4)]);
});

test('what Docker tells again when it rotates the log is left out', () => {
  const cursor = new LogCursor();
  cursor.admit([line(1), line(2), line(3), line(4, 'a'), line(4, 'b')]);
  expect(cursor.admit([line(3), line(4, 'a'), line(4, 'b'), line(5)])).toEqual([line(5)]);
  expect(cursor.admit([line(6)])).toEqual([line(6)]);
});

test('however often it breaks, every line is told once, with both streams out of step', () => {
  const entry = fc.record({ step: fc.nat({ max: 2 }), isError: fc.boolean(), lateness: fc.nat({ max: 3 }) });
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(), { maxLength: 6 }),
      (entries, breaks) => {
        let now = 10;
        const marks = { stdout: 0, stderr: 0 };
        const log = entries.map(({ step, isError, lateness }, index) => {
          now += step;
          const stream = isError ? 'stderr' : 'stdout';
          marks[stream] = Math.max(marks[stream], now - (isError ? lateness : 0)); // within a stream, time never goes back
          return line(marks[stream], `${index}`, stream);
        });
        const cursor = new LogCursor();
        const ends = [...breaks.map((place) => place % (log.length + 1)), log.length].sort((a, b) => a - b);
        const told = ends.flatMap((end) => {
          cursor.reattach();
          return [...cursor.admit(log.slice(0, end))];
        });
        expect(told.map(({ text }) => text)).toEqual(log.map(({ text }) => text));
      },
    ),
  );
});
