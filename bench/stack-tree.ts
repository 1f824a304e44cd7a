import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Disposable } from '../engine/base/disposables.ts';

export interface StackTree extends Disposable {
  readonly dir: string;
  /** A file of 10 kB, to be changed. */
  readonly small: string;
}

const sample = join(import.meta.dirname, '../test/fixtures/stacks/page');

/** The sample stack with a tree of so many MB beside it: two fifths small files, the rest in files of 1 MB, that no packer shrinks. */
export async function makeStackTree(megabytes: number): Promise<StackTree> {
  const dir = await mkdtemp(join(tmpdir(), 'towline-bench-stack-'));
  await cp(sample, dir, { recursive: true });
  for (let folder = 0; folder < megabytes * 2; folder += 1) {
    const path = join(dir, 'src', `module-${folder}`);
    await mkdir(path, { recursive: true });
    for (let file = 0; file < 20; file += 1) await writeFile(join(path, `file-${file}`), randomBytes(10_000));
  }
  await mkdir(join(dir, 'assets'));
  for (let file = 0; file < megabytes * 0.6; file += 1) {
    await writeFile(join(dir, 'assets', `asset-${file}`), randomBytes(1_000_000));
  }
  return { dir, small: join(dir, 'src/module-1/file-1'), dispose: () => rm(dir, { recursive: true }) };
}

/** The sample stack with so many MB in a few large files. */
export async function makeLargeTree(megabytes: number): Promise<StackTree> {
  const dir = await mkdtemp(join(tmpdir(), 'towline-bench-stack-'));
  await cp(sample, dir, { recursive: true });
  for (let file = 0; file < 8; file += 1) {
    const path = join(dir, `large-${file}`);
    await writeFile(path, `${file}`);
    await truncate(path, (megabytes / 8) * 1_000_000);
  }
  return { dir, small: join(dir, 'www/index.html'), dispose: () => rm(dir, { recursive: true }) };
}
