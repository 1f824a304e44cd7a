import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zip } from '../../../engine/diagnostics/zip.ts';
import { unzip } from './unzip.ts';

test('whatever is put in comes out again, under its name and in its order', async () => {
  const entry = fc.record({
    name: fc.stringMatching(/^[a-z]{1,20}(\/[a-z]{1,20})?\.txt$/),
    content: fc.uint8Array({ maxLength: 5_000 }).map((bytes) => Buffer.from(bytes)),
  });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(entry, { maxLength: 5, selector: ({ name }) => name }), async (entries) => {
      expect([...unzip(await zip(entries, 0))]).toEqual(entries.map(({ name, content }) => [name, content]));
    }),
    { numRuns: 50 },
  );
});

test('Python’s zipfile finds nothing wrong with it, and names, times and modes as they were given', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tl-zip-'));
  const file = join(folder, 'a.zip');
  const entries = [
    { name: 'a.txt', content: Buffer.from('läuft\n'.repeat(1_000)) },
    { name: 'b/c.json', content: Buffer.alloc(0) },
  ];
  await writeFile(file, await zip(entries, Date.UTC(2026, 10, 21, 1, 2, 4)));
  const script = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps([z.testzip(), [[i.filename, i.date_time, i.file_size, oct(i.external_attr >> 16)] for i in z.infolist()]]))`;
  const { stdout, error } = spawnSync('python3', ['-c', script, file], { encoding: 'utf8' });
  await rm(folder, { recursive: true });
  if (error !== undefined) throw error;
  expect(JSON.parse(stdout)).toEqual([
    null,
    [
      ['a.txt', [2026, 11, 21, 1, 2, 4], 7_000, '0o100600'],
      ['b/c.json', [2026, 11, 21, 1, 2, 4], 0, '0o100600'],
    ],
  ]);
});
