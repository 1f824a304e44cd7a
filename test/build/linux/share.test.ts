import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeShare } from '../../../build/linux/share.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tl-share-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function filesIn(share: string): Promise<string[]> {
  const entries = await readdir(share, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(share.length + 1))
    .sort();
}

test('everything lies where shells, man and desktops look for it', async () => {
  await writeShare(folder);
  const sizes = [16, 24, 32, 48, 64, 128, 256, 512].map((size) => `${size}x${size}`);
  expect(await filesIn(folder)).toEqual(
    [
      'applications/towline.desktop',
      'bash-completion/completions/towline',
      'fish/vendor_completions.d/towline.fish',
      ...sizes.map((size) => `icons/hicolor/${size}/apps/towline.png`),
      'icons/hicolor/scalable/apps/towline.svg',
      'man/man1/towline.1.gz',
      'metainfo/app.towline.Towline.metainfo.xml',
      'zsh/site-functions/_towline',
    ].sort(),
  );
  expect(gunzipSync(await readFile(join(folder, 'man/man1/towline.1.gz'))).toString()).toMatch(/^\.TH TOWLINE 1 /);
  expect(await readFile(join(folder, 'zsh/site-functions/_towline'), 'utf8')).toMatch(/^#compdef towline\n/);
});

test('the same sources give the same bytes', async () => {
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  await writeShare(first);
  await writeShare(second);
  for (const file of await filesIn(first))
    expect((await readFile(join(first, file))).equals(await readFile(join(second, file)))).toBe(true);
});
