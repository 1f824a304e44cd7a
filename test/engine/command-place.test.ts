import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandPlace } from '../../engine/command-place.ts';

let root: string;
let file: string;
let PATH: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tl-command-')));
  file = join(root, "it's here", 'towline.js');
  PATH = join(root, 'bin');
  await mkdir(join(root, "it's here"));
  await mkdir(PATH);
  await writeFile(file, '');
  await chmod(file, 0o755);
});
afterEach(() => rm(root, { recursive: true }));

test('a command that no shell finds comes with the line that links it', async () => {
  const quoted = `'${file.replace("'", `'\\''`)}'`;
  expect(await commandPlace(file, { PATH: `${root}:${PATH}:` })).toEqual({
    file,
    install: `mkdir -p ~/.local/bin && chmod +x ${quoted} && ln -sf ${quoted} ~/.local/bin/towline`,
  });
});

test('a link to it on the PATH needs nothing more', async () => {
  await symlink(file, join(PATH, 'towline'));
  expect(await commandPlace(file, { PATH })).toEqual({ file, onPath: join(PATH, 'towline') });
});

test('another command of that name is told, and so is the way to ours', async () => {
  await writeFile(join(PATH, 'towline'), '');
  await chmod(join(PATH, 'towline'), 0o755);
  expect(await commandPlace(file, { PATH })).toMatchObject({
    onPath: join(PATH, 'towline'),
    install: expect.stringContaining('ln -sf') as string,
  });
  expect(await commandPlace(undefined, { PATH })).toEqual({ onPath: join(PATH, 'towline') });
});
