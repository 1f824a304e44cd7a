import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scrapeToken } from '../../../engine/serve/scrape-token.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-scrape-'));
  file = join(folder, 'state', 'scrape-token');
});
afterEach(() => rm(folder, { recursive: true }));

test('it is made once, for the user alone, and stays the same', async () => {
  const token = await scrapeToken(file);
  expect(token).toMatch(/^[\w-]{32}$/);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toBe(`${token}\n`);
  expect(await scrapeToken(file)).toBe(token);
});

test.each(['', 'short', `${'x'.repeat(32)} and more`])(
  'a file with %j holds no token, and gets one',
  async (content) => {
    await scrapeToken(file);
    await writeFile(file, content);
    const token = await scrapeToken(file);
    expect(token).not.toBe(content);
    expect(await scrapeToken(file)).toBe(token);
  },
);

test('where the file cannot be, there is no token', async () => {
  await writeFile(join(folder, 'state'), 'in the way');
  await expect(scrapeToken(file)).rejects.toThrow();
});
