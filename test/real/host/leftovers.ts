import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders and control groups of test hosts are named `towline-host-PID-…` after the process that started them. */
export const folderPrefix = (pid: number) => join(tmpdir(), `towline-host-${pid}-`);

const named = /^towline-host-(\d+)-\w+$/;
const controlGroups = '/sys/fs/cgroup';

/**
 * Removes what a host leaves on disk. Its processes, mounts and network are gone with its namespace already, but the
 * kernel needs a moment to empty the control groups, so those that are still busy stay for the next sweep.
 */
export async function removeHostFiles(name: string): Promise<void> {
  for (const parent of await controlGroupParents()) await removeControlGroup(join(parent, name));
  await rm(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** Removes what killed runs have left behind. */
export async function sweepLeftovers(): Promise<void> {
  const places = [tmpdir(), ...(await controlGroupParents())];
  const names = new Set((await Promise.all(places.map(list))).flat());
  for (const name of names) {
    const pid = named.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await removeHostFiles(name);
  }
}

/** Version 2 has one tree, version 1 one per controller. */
async function controlGroupParents(): Promise<string[]> {
  if (existsSync(join(controlGroups, 'cgroup.controllers'))) return [controlGroups];
  return (await list(controlGroups)).map((controller) => join(controlGroups, controller));
}

async function removeControlGroup(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await removeControlGroup(join(path, entry.name));
  await rmdir(path).catch(() => undefined); // busy: the next sweep takes it
}

const list = (path: string) => readdir(path).catch(() => []);
