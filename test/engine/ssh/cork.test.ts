import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { corkEachTurn } from '../../../engine/ssh/cork.ts';

/** A stream corked each turn, and the chunks of each write to the system. */
function corked(): { stream: Writable; writes: string[][] } {
  const writes: string[][] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      writes.push([chunk.toString()]);
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  corkEachTurn(stream);
  return { stream, writes };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('what is written within one turn is one write, the next turn’s is another', async () => {
  const { stream, writes } = corked();
  for (const part of ['a', 'b', 'c']) stream.write(part);
  expect(writes).toEqual([]);
  await turn();
  stream.write('d');
  await turn();
  expect(writes).toEqual([['a', 'b', 'c'], ['d']]);
});

test('a writer hears of each write, and of back-pressure', async () => {
  const stream = new Writable({ highWaterMark: 2, decodeStrings: false, write: (_chunk, _encoding, done) => done() });
  corkEachTurn(stream);
  const written = Promise.withResolvers<unknown>();
  expect([stream.write('a'), stream.write('61', 'hex', written.resolve)]).toEqual([true, false]);
  expect(await written.promise).toBeFalsy();
});

test('an end in the same turn comes after what was written, and a destroyed stream is left in peace', async () => {
  const { stream, writes } = corked();
  stream.write('a');
  stream.end('b');
  await turn();
  expect([writes.flat(), stream.writableFinished]).toEqual([['a', 'b'], true]);
  const broken = corked();
  broken.stream.write('lost');
  broken.stream.destroy();
  await turn();
  expect([broken.writes, broken.stream.destroyed]).toEqual([[], true]);
});
