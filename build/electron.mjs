import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

/** A download that has not ended by then will not. */
const downloadMs = 300_000;

/**
 * Electron's program: the one that ELECTRON_OVERRIDE_DIST_PATH names, or the one that its package has fetched; undefined
 * when there is neither.
 * @returns {{ path: string, given: boolean } | undefined}
 */
export function findElectron(root) {
  const folder = join(root, 'node_modules', 'electron');
  const file = join(folder, 'path.txt');
  const name = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = given ? resolve(root, given, name ?? 'electron') : name && join(folder, 'dist', name);
  return path && existsSync(path) ? { path, given: Boolean(given) } : undefined;
}

/** Has Electron's own installer fetch the program; it, or undefined. */
export function fetchElectron(root) {
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(installer)) return undefined;
  spawnSync(process.execPath, [installer], { cwd: root, stdio: 'ignore', timeout: downloadMs });
  return findElectron(root);
}

/** Why no window can be opened here though Electron may be there, or undefined. */
export function whyNoWindow(electron) {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  if (platform === 'linux' && electron?.given !== true && process.getuid?.() === 0)
    return 'Electron does not run as root';
  return undefined;
}
