import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shell } from './shell.ts';

/**
 * The shell with a folder of its own for sockets, for an engine beside another: their sockets would have the same names. It is
 * removed at the end, with those that killed processes have left.
 */
export async function withOwnRuntime<T>(shell: Shell, use: (shell: Shell) => Promise<T>): Promise<T> {
  const { runtimeDir } = shell.paths;
  const own = join(runtimeDir, `run-${process.pid}`);
  try {
    return await use({ ...shell, paths: { ...shell.paths, runtimeDir: own } });
  } finally {
    const names = await readdir(runtimeDir).catch(() => []);
    for (const name of names.filter(hasNoOwner)) await rm(join(runtimeDir, name), { recursive: true, force: true });
    await rm(own, { recursive: true, force: true });
  }
}

function hasNoOwner(name: string): boolean {
  const pid = /^run-(\d+)$/.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
