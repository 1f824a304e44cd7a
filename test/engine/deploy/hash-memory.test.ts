import { mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../../engine/base/clock.ts';
import { HashMemory } from '../../../engine/deploy/hash-memory.ts';
import { hashFiles } from '../../../engine/deploy/manifest.ts';
import { readTree } from '../../../engine/deploy/tree.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tl-hashes-'));
  await writeFile(join(dir, 'page'), 'one');
});

afterEach(() => rm(dir, { recursive: true }));

/** By a clock that shows another time than the one by which files are changed. */
const memoryAt = (aheadMs: number): HashMemory => {
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  return new HashMemory(clock);
};

async function recalled(memory: HashMemory): Promise<(string | undefined)[]> {
  const { files } = await readTree(dir);
  const known = files.map((file) => memory.recall(dir, file));
  await hashFiles(dir, files, new AbortController().signal, memory);
  return known;
}

test('a file that looks as it did is not read again', async () => {
  const memory = memoryAt(60_000);
  expect(await recalled(memory)).toEqual([undefined]);
  expect(await recalled(memory)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test('a file with other content is read, though its size and its time of modification are the same', async () => {
  const memory = memoryAt(60_000);
  await recalled(memory);
  const other = `${dir}-other`;
  await writeFile(other, 'two');
  await utimes(other, 1, 1);
  await utimes(join(dir, 'page'), 1, 1);
  await recalled(memory);
  await rename(other, join(dir, 'page'));
  expect(await recalled(memory)).toEqual([undefined]);
});

test('a file that was changed a moment before it was read is read once more', async () => {
  const memory = memoryAt(0);
  await recalled(memory);
  expect(await recalled(memory)).toEqual([undefined]);
});
