import { expect, test } from 'vitest';
import { inParallel } from '../../headless/in-parallel.ts';

test('never more at once than allowed, and the results are in the order of the items', async () => {
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = inParallel([0, 1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    await gates[item]?.promise;
    return item * 10;
  });
  expect(begun).toEqual([0, 1]);
  gates[1]?.resolve();
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  expect(await all).toEqual([0, 10, 20, 30, 40]);
});

test('what fails is told, and nothing at all is no work', async () => {
  await expect(inParallel([1], 3, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await inParallel([], 3, () => Promise.resolve(1))).toEqual([]);
});
