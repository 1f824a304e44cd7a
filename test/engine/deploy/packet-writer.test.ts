import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { PacketWriter } from '../../../engine/deploy/packet-writer.ts';

const never = new AbortController().signal;

/** Takes what is written, each write once it is told to. */
class SlowChannel extends Writable {
  readonly taken: Buffer[] = [];
  take: () => void = () => undefined;

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.take = () => {
      this.taken.push(Buffer.from(chunk));
      done();
    };
  }
}

test('small pieces travel together and large ones are cut; every byte is counted once it is taken', async () => {
  const channel = new PassThrough({ highWaterMark: 1_000_000 });
  const packets: number[] = [];
  const writer = new PacketWriter(channel, (bytes) => packets.push(bytes), never);
  const pieces = ['a'.repeat(10), 'b'.repeat(70_000), 'c'.repeat(5)];
  for (const piece of pieces) await writer.add(Buffer.from(piece));
  await writer.flush();
  writer.dispose();
  expect(packets).toEqual([32_768, 32_768, 70_015 - 65_536]);
  expect((channel.read() as Buffer).toString()).toBe(pieces.join(''));
});

test('a piece may be used again once it is added, and nothing more is taken until the channel has taken what there is', async () => {
  const channel = new SlowChannel();
  const writer = new PacketWriter(channel, () => undefined, never);
  const piece = Buffer.alloc(40_000, 'x');
  let added = false;
  const adding = writer.add(piece).then(() => (added = true));
  await new Promise(setImmediate);
  expect(added).toBe(false);
  channel.take();
  await adding;
  piece.fill('y');
  const flushed = writer.flush();
  channel.take();
  await flushed;
  writer.dispose();
  expect(Buffer.concat(channel.taken).equals(Buffer.alloc(40_000, 'x'))).toBe(true);
});

test('a channel that closes, or a signal, ends a write that has no answer', async () => {
  const closing = new SlowChannel();
  const closed = new PacketWriter(closing, () => undefined, never).add(Buffer.alloc(32_768));
  closing.emit('close');
  await expect(closed).rejects.toThrow('the channel was closed');

  const abort = new AbortController();
  const aborted = new PacketWriter(new SlowChannel(), () => undefined, abort.signal).add(Buffer.alloc(32_768));
  abort.abort(new Error('cancelled'));
  await expect(aborted).rejects.toThrow('cancelled');
});
