import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withOwnRuntime } from '../../headless/own-runtime.ts';
import { systemShell } from '../../headless/shell.ts';

let runtimeDir: string;
beforeEach(async () => {
  runtimeDir = await mkdtemp(join(tmpdir(), 'tl-run-'));
});
afterEach(() => rm(runtimeDir, { recursive: true }));

const shell = () => ({ ...systemShell(), paths: { ...systemShell().paths, runtimeDir } });

test('its sockets have a folder of their own, which is gone afterwards, however it ends', async () => {
  const failing = withOwnRuntime(shell(), async ({ paths }) => {
    await mkdir(paths.runtimeDir);
    await writeFile(join(paths.runtimeDir, 'socket'), '');
    throw new Error(basename(paths.runtimeDir));
  });
  await expect(failing).rejects.toThrow(`run-${process.pid}`);
  expect(await readdir(runtimeDir)).toEqual([]);
});

test('what a killed process has left is removed; what others use stays', async () => {
  const gone = spawn('true');
  await once(gone, 'close');
  const left = [`run-${gone.pid}`, `run-${process.ppid}`, 'docker'];
  for (const name of left) await mkdir(join(runtimeDir, name));
  await withOwnRuntime(shell(), () => Promise.resolve());
  expect((await readdir(runtimeDir)).sort()).toEqual(['docker', `run-${process.ppid}`]);
});
