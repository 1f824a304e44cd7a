import { expect, test } from 'vitest';
import { CoalescedPass } from '../../../engine/base/coalesced.ts';

test('asked while one runs, it runs once more, and passes never overlap', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let [runs, running] = [0, 0];
  const pass = new CoalescedPass(async () => {
    expect(++running).toBe(1);
    await gates[runs++]?.promise;
    running -= 1;
  });
  const asked = [pass.request(), pass.request(), pass.request()];
  for (const gate of gates) gate.resolve();
  await Promise.all(asked);
  expect(runs).toBe(2);
});

test('asked by whoever waits for the same thing as the pass, it still runs again', async () => {
  const thing = Promise.withResolvers<void>();
  let runs = 0;
  const pass = new CoalescedPass(async () => {
    runs += 1;
    await thing.promise;
  });
  const first = pass.request();
  const seen: number[] = [];
  const later = thing.promise.then(async () => {
    for (let turn = 0; turn < 6; turn += 1) {
      const before = runs;
      await pass.request();
      seen.push(runs - before);
    }
  });
  thing.resolve();
  await Promise.all([first, later]);
  expect(seen.every((more) => more >= 1)).toBe(true);
});

test('a pass that fails fails for those who asked for it, and not for those who asked later', async () => {
  let runs = 0;
  const pass = new CoalescedPass(() => (++runs === 1 ? Promise.reject(new Error('first')) : Promise.resolve()));
  const [one, two] = [pass.request(), pass.request()];
  await expect(one).rejects.toThrow('first');
  await two;
  expect(runs).toBe(2);
});
