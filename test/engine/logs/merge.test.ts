import { expect, test } from 'vitest';
import { mergedByTime } from '../../../engine/logs/merge.ts';

const lines = (name: string, ...times: number[]) => times.map((time) => ({ at: String(time), name }));

async function merged(...histories: Iterable<{ at: string; name: string }[], void>[]): Promise<string[]> {
  const all: string[] = [];
  for await (const batch of mergedByTime(histories)) all.push(...batch.map(({ at, name }) => `${name}${at}`));
  return all;
}

test('the earliest line comes next, from whichever history; of equals the one that was named first', async () => {
  const a = [lines('a', 1, 4), [], lines('a', 6)];
  const b = [[], lines('b', 2, 4, 5)];
  expect(await merged(a, [], b)).toEqual(['a1', 'b2', 'a4', 'b4', 'b5', 'a6']);
});

test('a history keeps its own order even where its times go back', async () => {
  expect(await merged([lines('a', 3, 1)], [lines('b', 2)])).toEqual(['b2', 'a3', 'a1']);
});

test('only as much is read as is taken, and who stops reading lets all go', async () => {
  const log: string[] = [];
  async function* endless(name: string): AsyncGenerator<{ at: string; name: string }[], void> {
    try {
      for (let n = 1; ; n += 1) {
        log.push(`${name}${n}`);
        yield await Promise.resolve(Array.from({ length: 600 }, () => ({ at: String(n).padStart(6, '0'), name })));
      }
    } finally {
      log.push(`${name} gone`);
    }
  }
  for await (const batch of mergedByTime([endless('a'), endless('b')])) {
    expect(batch).toHaveLength(1_200);
    break;
  }
  expect(log).toEqual(['a1', 'b1', 'a2', 'a gone', 'b gone']);
});
