import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { archiveSize, createArchive, type ArchiveInput } from '../../../engine/deploy/archive.ts';
import { hashFiles } from '../../../engine/deploy/manifest.ts';
import { readTree } from '../../../engine/deploy/tree.ts';

let dir: string;
const never = new AbortController().signal;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tl-archive-'));
  await writeFile(join(dir, 'a b'), 'x'.repeat(700));
  await writeFile(join(dir, 'empty'), '');
  await symlink('a b', join(dir, 'link'));
});

afterEach(() => rm(dir, { recursive: true }));

async function input(): Promise<ArchiveInput> {
  const { files } = await readTree(dir);
  const manifest = await hashFiles(dir, files, never);
  return { dir, files, contents: [...manifest.values()], texts: [{ name: 'plan', text: 'move …\n' }] };
}

test('the size is known before the first byte, and the same files give the same bytes', async () => {
  const archive = await input();
  const first = await buffer(createArchive(archive));
  expect(first.length).toBe(archiveSize(archive));
  expect((await buffer(createArchive(await input()))).equals(first)).toBe(true);
});

test('contents are named by their hashes, so that no name of a file is ever in it', async () => {
  const bytes = await buffer(createArchive(await input()));
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const names = ['plan', sha256('x'.repeat(700)), sha256(''), sha256('a b')];
  expect(names.filter((name) => !bytes.includes(name))).toEqual([]);
  expect(bytes.includes('empty')).toBe(false);
});

test.each([
  ['shrank', 10],
  ['grew', 5_000],
])('a file that %s since it was hashed ends the archive', async (_, size) => {
  const archive = await input();
  await truncate(join(dir, 'a b'), size);
  await expect(buffer(createArchive(archive))).rejects.toMatchObject({ code: 'file-changed' });
});

test('an archive that nobody reads to its end closes its files', async () => {
  await writeFile(join(dir, 'large'), Buffer.alloc(1_000_000));
  const stream = createArchive(await input());
  stream.read(1);
  stream.destroy();
  await new Promise((resolve) => stream.once('close', resolve));
  expect(stream.destroyed).toBe(true);
});
