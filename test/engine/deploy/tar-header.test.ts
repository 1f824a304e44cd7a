import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tarHeader, tarPadding, tarSize } from '../../../engine/deploy/tar-header.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tl-tar-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** An archive of files with these names, each with its own name as content. */
function archiveOf(names: readonly string[]): Buffer {
  const parts = names.map((name) => {
    const content = Buffer.from(name);
    const header = tarHeader({ name, kind: 'file', size: content.length, mode: 0o755 });
    return Buffer.concat([header, content, tarPadding(content.length)]);
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const names = [
  'plain',
  "it's $(odd) *",
  'Ünïcödé 日本',
  'x'.repeat(99),
  'y'.repeat(100),
  'z'.repeat(101),
  'ä'.repeat(110),
];

test('the tar of this machine unpacks every name, long ones and other scripts too', async () => {
  execFileSync('tar', ['-xpf', '-', '-C', dir], { input: archiveOf(names) });
  expect((await readdir(dir)).sort()).toEqual([...names].sort());
  expect(await Promise.all(names.map((name) => readFile(join(dir, name), 'utf8')))).toEqual(names);
  expect((await stat(join(dir, 'plain'))).mode & 0o777).toBe(0o755);
});

test('an entry takes whole blocks, and a long name two blocks more', () => {
  expect(tarSize({ name: 'a', kind: 'file', size: 0, mode: 0o644 })).toBe(512);
  expect(tarSize({ name: 'a', kind: 'file', size: 513, mode: 0o644 })).toBe(512 + 1024);
  expect(tarSize({ name: 'a'.repeat(200), kind: 'directory', size: 0, mode: 0o755 })).toBe(3 * 512);
});

test('a size beyond eleven octal digits is written in base 256', () => {
  const size = 10 * 1024 ** 3;
  // It ends with an error, as the content is missing; by then it has listed the entry.
  const { stdout } = spawnSync('tar', ['-tvf', '-'], {
    input: tarHeader({ name: 'huge', kind: 'file', size, mode: 0o644 }),
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  expect(stdout).toContain(` ${size} `);
});
