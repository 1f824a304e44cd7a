import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameSplitter } from '../../../../engine/ssh/openssh/frame-splitter.ts';
import { framed } from '../../../../engine/ssh/openssh/wire.ts';

test('messages come out whole wherever the stream was cut', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), cuts, (messages, sizes) => {
      const splitter = new FrameSplitter();
      let rest = Buffer.concat(messages.map((message) => framed(Buffer.from(message))));
      const out: Buffer[] = [];
      for (let turn = 0; rest.length > 0; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        out.push(...splitter.push(rest.subarray(0, size)));
        rest = rest.subarray(size);
      }
      expect(out.map((frame) => [...frame])).toEqual(messages.map((message) => [...message]));
    }),
  );
});
