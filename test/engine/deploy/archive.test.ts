import { createHash } from 'node:crypto';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../engine/base/clock.ts';
import { archiveBytes, archiveSize, type ArchiveInput } from '../../../engine/deploy/archive.ts';
import { HashMemory } from '../../../engine/deploy/hash-memory.ts';
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
  const manifest = await hashFiles(dir, files, never, new HashMemory(systemClock));
  return { dir, files, contents: [...manifest.values()], texts: [{ name: 'plan', text: 'move …\n' }] };
}

/** The whole archive; its pieces are good for a moment only. */
async function whole(archive: ArchiveInput): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of archiveBytes(archive)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

test('the size is known before the first byte, and the same files give the same bytes', async () => {
  const archive = await input();
  const first = await whole(archive);
  expect(first.length).toBe(archiveSize(archive));
  expect((await whole(await input())).equals(first)).toBe(true);
});

test('files are in it by their paths, texts by their names, targets of links by their hashes', async () => {
  const found: string[] = [];
  const reader = extract();
  reader.on('entry', (header, stream, next) => {
    void text(stream).then((content) => {
      found.push(`${header.type} ${header.mode?.toString(8)} ${header.name} ${content.length}`);
      next();
    });
  });
  await pipeline(Readable.from([await whole(await input())]), reader);
  const target = createHash('sha256').update('a b').digest('hex');
  expect(found).toEqual([
    'file 600 plan 7',
    `file 600 objects/${target} 3`,
    'directory 755 tree/ 0',
    'file 644 tree/a b 700',
    'file 644 tree/empty 0',
  ]);
});

test.each([
  ['shrank', 10],
  ['grew', 5_000],
])('a file that %s since it was hashed ends the archive', async (_, size) => {
  const archive = await input();
  await truncate(join(dir, 'a b'), size);
  await expect(whole(archive)).rejects.toMatchObject({ code: 'file-changed' });
});

test('large files come in pieces, and an archive that nobody reads to its end closes its file', async () => {
  await writeFile(join(dir, 'large'), Buffer.alloc(1_000_000, 'towline'));
  const archive = await input();
  expect((await whole(archive)).length).toBe(archiveSize(archive));
  for await (const piece of archiveBytes(archive)) if (piece.length > 100_000) break;
});

test('a file that goes away while it waits its turn ends the archive, and no other is left open', async () => {
  for (let index = 0; index < 40; index += 1) await writeFile(join(dir, `file-${index}`), 'content');
  const archive = await input();
  await rm(join(dir, 'file-39'));
  await expect(whole(archive)).rejects.toMatchObject({ code: 'file-changed' });
});
