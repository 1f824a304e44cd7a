import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MarkedStream, type Piece } from '../../../engine/run/marked-stream.ts';

const mark = '@@0123';

function read(chunks: readonly Buffer[]): Piece[] {
  const stream = new MarkedStream(mark);
  return [...chunks.flatMap((chunk) => stream.take(chunk)), ...stream.end()];
}

const bytesOf = (pieces: readonly Piece[]) =>
  Buffer.concat(pieces.flatMap((piece) => (piece.kind === 'bytes' ? [piece.bytes] : [])));
const wordsOf = (pieces: readonly Piece[]) => pieces.flatMap((piece) => (piece.kind === 'word' ? [piece.word] : []));

test('a word is taken out wherever it begins; a command need not end its last line', () => {
  const pieces = read([Buffer.from(`${mark} begin\nno end of line${mark} end 0\n\nnext${mark} end 3\n`)]);
  expect(wordsOf(pieces)).toEqual(['begin', 'end 0', 'end 3']);
  expect(bytesOf(pieces).toString()).toBe('no end of line\nnext');
});

test('bytes are not held back, but for what may be the beginning of a word', () => {
  const stream = new MarkedStream(mark);
  expect(stream.take(Buffer.from('prompt: '))).toEqual([{ kind: 'bytes', bytes: Buffer.from('prompt: ') }]);
  expect(stream.take(Buffer.from('a@@01'))).toEqual([{ kind: 'bytes', bytes: Buffer.from('a') }]);
  expect(stream.take(Buffer.from('4'))).toEqual([{ kind: 'bytes', bytes: Buffer.from('@@014') }]);
  expect(stream.take(Buffer.from('@@0123 al'))).toEqual([]);
  expect(stream.end()).toEqual([{ kind: 'bytes', bytes: Buffer.from('@@0123 al') }]);
});

test('whatever the bytes and however they are cut, they come back as they were and the words with them', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom('@', '@@', '@@012', '@@0123', '\n').map((text) => Buffer.from(text)),
  );
  const parts = fc.array(fc.oneof(piece, fc.constantFrom('begin', 'end 7')), { maxLength: 12 });
  fc.assert(
    fc.property(parts, fc.array(fc.nat({ max: 5 })), (stream, cuts) => {
      const all = Buffer.concat(
        stream.map((part) => (typeof part === 'string' ? Buffer.from(`${mark} ${part}\n`) : part)),
      );
      const chunks: Buffer[] = [];
      let at = 0;
      for (const size of cuts) chunks.push(all.subarray(at, (at += size)));
      const pieces = read([...chunks, all.subarray(at)]);
      const data = Buffer.concat(stream.flatMap((part) => (typeof part === 'string' ? [] : [part])));
      fc.pre(
        !all
          .toString('latin1')
          .replaceAll(/@@0123 (begin|end 7)\n/g, '')
          .includes(`${mark} `),
      ); // no word by chance
      expect(bytesOf(pieces)).toEqual(data);
      expect(wordsOf(pieces)).toEqual(stream.filter((part) => typeof part === 'string'));
    }),
    { numRuns: 300 },
  );
});
