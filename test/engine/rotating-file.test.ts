import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RotatingFile } from '../../engine/rotating-file.ts';
import { TestClock } from '../support/test-clock.ts';

const dayMs = 86_400_000;

let folder: string;
let file: string;
let opened: RotatingFile | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-rotating-'));
  file = join(folder, 'a.log');
});
afterEach(async () => {
  opened?.close();
  await rm(folder, { recursive: true });
});

/** A week in the first file, a month in all; the clock begins as the file system's, or later. */
function open(laterMs = 0): { target: RotatingFile; clock: TestClock } {
  const clock = new TestClock(new Date().getTime() + laterMs);
  const target = new RotatingFile({
    file,
    maxBytes: 1_000,
    maxFiles: 3,
    maxAgeMs: 7 * dayMs,
    keepMs: 30 * dayMs,
    clock,
  });
  opened = target;
  return { target, clock };
}

const names = async (): Promise<string[]> => (await readdir(folder)).sort();

test('what has been written to for a week is put aside by the next line', async () => {
  const { target, clock } = open();
  target.write('first\n');
  await clock.advance(6 * dayMs);
  target.write('second\n');
  expect(await names()).toEqual(['a.log']);
  await clock.advance(dayMs);
  target.write('third\n');
  expect(await readFile(`${file}.1`, 'utf8')).toBe('first\nsecond\n');
  expect(await readFile(file, 'utf8')).toBe('third\n');
});

test('a file from an earlier run keeps its age', async () => {
  await writeFile(file, 'earlier\n');
  open(8 * dayMs).target.write('now\n');
  expect(await readFile(`${file}.1`, 'utf8')).toBe('earlier\n');
});

test('what was put aside a month ago is removed, the rest is kept', async () => {
  const now = new Date().getTime();
  for (const [number, days] of [
    [1, 29],
    [2, 31],
  ] as const) {
    await writeFile(`${file}.${number}`, 'old\n');
    await utimes(`${file}.${number}`, new Date(now - days * dayMs), new Date(now - days * dayMs));
  }
  open();
  expect(await names()).toEqual(['a.log', 'a.log.1']);
});
