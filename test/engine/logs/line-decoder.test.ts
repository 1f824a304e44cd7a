import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineDecoder, maxLineBytes, type DecodedLine } from '../../../engine/logs/line-decoder.ts';
import { at, frame, line } from './frames.ts';

function decoded(tty: boolean, ...chunks: Buffer[]): DecodedLine[] {
  const decoder = new LineDecoder(tty);
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.flush()];
}

/** The bytes in pieces that end at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % bytes.length))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

const record = 16 * 1024;

test('frames are lines of their stream, whatever the chunk borders do to them', () => {
  const bytes = Buffer.concat([frame(1, 'grün 🐳\r\n'), frame(2, 'bad\n', 'stderr'), frame(3, '\n'), frame(4, 'open')]);
  const lines = [line(1, 'grün 🐳'), line(2, 'bad', 'stderr'), line(3, ''), line(4, 'open')];
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
      expect(decoded(false, ...cut(bytes, places))).toEqual(lines);
    }),
  );
});

test('the bare bytes of a terminal are lines too, whatever the chunk borders do to them', () => {
  const bytes = Buffer.from(`${at(1)} grün 🐳\r\n${at(2)} \r\n${at(3)} open`);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
      expect(decoded(true, ...cut(bytes, places))).toEqual([line(1, 'grün 🐳'), line(2, ''), line(3, 'open')]);
    }),
  );
});

test('a long line comes in records and is one; a line of the other stream between them is its own', () => {
  const lines = decoded(
    false,
    frame(1, 'x'.repeat(record)),
    frame(2, 'between\n', 'stderr'),
    frame(1, 'x'.repeat(record)),
    frame(1, 'y\n'),
  );
  expect(lines).toEqual([line(2, 'between', 'stderr'), line(1, `${'x'.repeat(2 * record)}y`)]);
});

test('a character that a record cuts in two is whole again', () => {
  const bytes = Buffer.from(`${'x'.repeat(record - 1)}ä`);
  expect(
    decoded(
      false,
      frame(1, bytes.subarray(0, record)),
      frame(1, Buffer.concat([bytes.subarray(record), Buffer.from('\n')])),
    ),
  ).toEqual([line(1, bytes.toString())]);
});

test("a terminal's long line is told without the times that stand between its records", () => {
  const bytes = Buffer.from(
    `${at(1)} ${'x'.repeat(record)}${at(1)} ${'y'.repeat(record)}${at(1)} z\r\n${at(2)} next\r\n`,
  );
  expect(decoded(true, bytes)).toEqual([line(1, `${'x'.repeat(record)}${'y'.repeat(record)}z`), line(2, 'next')]);
});

test('of a line longer than 1 MiB the beginning is kept, and marked', () => {
  const records = Array.from({ length: 100 }, () => frame(1, 'x'.repeat(record)));
  const [long, next] = decoded(false, ...records, frame(1, 'end\n'), frame(2, 'next\n'));
  expect([long?.text.length, long?.truncated, next]).toEqual([maxLineBytes, true, line(2, 'next')]);
  const bare = Buffer.from(`${at(1)} ${'ä'.repeat(2_000_000)}\n${at(2)} next\n`);
  const chunks = cut(
    bare,
    Array.from({ length: 60 }, (_, index) => index * 65_536),
  );
  const [longBare, nextBare] = decoded(true, ...chunks);
  expect([longBare?.text, longBare?.truncated, nextBare]).toEqual([
    'ä'.repeat(maxLineBytes / 2),
    true,
    line(2, 'next'),
  ]);
});

test('the log driver `local` leaves out the end of a long line: the next time tells', () => {
  expect(decoded(false, frame(1, 'x'.repeat(record)), frame(1, 'end'), frame(2, 'next\n'))).toEqual([
    line(1, `${'x'.repeat(record)}end`),
    line(2, 'next'),
  ]);
});

test("Podman's pieces of a long line have times of their own, and are one line by its first", () => {
  expect(decoded(false, frame(1, 'x'.repeat(8192)), frame(2, 'end\n'))).toEqual([line(1, `${'x'.repeat(8192)}end`)]);
});

test.each([
  ['no frame', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
  ['a frame without a time', Buffer.from([1, 0, 0, 0, 0, 0, 0, 3, 0x61, 0x62, 0x0a])],
  ['an endless frame', Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])],
])('%s is no log', (_, bytes) => {
  expect(() => decoded(false, bytes)).toThrow(expect.objectContaining({ code: 'log-garbled' }) as Error);
});
