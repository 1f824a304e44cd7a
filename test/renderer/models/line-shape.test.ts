import { expect, test } from 'vitest';
import { hang, lineShape } from '../../../renderer/models/line-shape.ts';

const ports = (count: number): { port: number; look: 'on' }[] =>
  Array.from({ length: count }, (_, i) => ({ port: 8000 + i, look: 'on' }));

test('a slack line hangs deepest in its middle, and what hangs on it hangs with it', () => {
  const slack = lineShape('degraded', 412);
  expect([slack.y(6), slack.y(206), slack.y(406)]).toEqual([10, 26, 10]);
  expect(lineShape('on', 412).y(206)).toBe(10);
});

test('whole lines have the same commands, so that one can turn into another', () => {
  const commands = (['on', 'connecting', 'degraded'] as const).map((look) =>
    lineShape(look, 300).cable.replace(/[\d. ]+/g, ''),
  );
  expect(new Set(commands)).toEqual(new Set(['MQ']));
});

test('labels go before they touch, and past 24 a count stands at the end', () => {
  expect(hang(ports(3), 460).drops.map(({ label }) => label)).toEqual(['8000', '8001', '8002']);
  expect(hang(ports(12), 460).drops.every(({ label }) => label === undefined)).toBe(true);
  const many = hang(ports(40), 460);
  expect({ shown: many.drops.length, more: many.more }).toEqual({ shown: 24, more: 16 });
});

test.each([120, 160, 300, 460, 900])('nothing hangs past the end of a line of %d px', (width) => {
  for (const count of [1, 4, 9, 24, 60]) {
    for (const { x } of hang(ports(count), width).drops) expect(x).toBeLessThan(width - 6);
  }
});
