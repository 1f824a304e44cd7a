import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../engine/docker/line-splitter.ts';

test('lines are the same wherever the chunks are cut, within characters too', () => {
  const text = fc.array(fc.string({ unit: 'grapheme' }).map((part) => part.replace(/\s/g, '_')));
  fc.assert(
    fc.property(text, fc.array(fc.nat(40)), (parts, cuts) => {
      const bytes = Buffer.from(parts.map((part) => `${part}\r\n`).join(''));
      const splitter = new LineSplitter();
      const lines: string[] = [];
      let from = 0;
      for (const cut of [...cuts, bytes.length]) {
        lines.push(...splitter.push(bytes.subarray(from, from + cut)));
        from += cut;
      }
      expect(lines).toEqual(parts.filter((part) => part !== ''));
    }),
  );
});

test('a line of 20 MB is dropped, and the next one is whole', () => {
  const splitter = new LineSplitter();
  const megabyte = Buffer.alloc(1_048_576, 'x');
  const lines = [...Array(20).keys()].flatMap(() => splitter.push(megabyte));
  expect([...lines, ...splitter.push(Buffer.from('\nnext\n'))]).toEqual(['next']);
});

test('a line of 200 KB is kept', () => {
  const long = 'x'.repeat(200_000);
  expect(new LineSplitter().push(Buffer.from(`${long}\n`))).toEqual([long]);
});
