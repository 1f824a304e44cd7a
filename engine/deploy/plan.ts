import { posix } from 'node:path';
import type { Manifest, ManifestEntry } from './manifest.ts';

/**
 * What the host is told to do to its files, and how it undoes that: operations in the remote program's words. `uploads` are
 * the files and links whose contents it does not have.
 */
export interface Plan {
  readonly operations: readonly string[];
  readonly undo: readonly string[];
  readonly uploads: readonly ManifestEntry[];
}

/** `before` is what is on the host; `kept` says which contents it has beside that. Both results are safe to do twice. */
export function planChange(before: Manifest, after: Manifest, kept: (hash: string) => boolean = () => false): Plan {
  const gone = [...before.values()].filter(({ path }) => !after.has(path));
  const put = [...after.values()].filter((entry) => !sameContent(before.get(entry.path), entry));
  const moded = [...after.values()].filter((entry) => isModeChange(before.get(entry.path), entry));
  const replaced = [...gone, ...put.flatMap(({ path }) => before.get(path) ?? [])];
  const uploads = put.filter(({ hash }) => !kept(hash));
  const moves = new Set(uploads.filter(({ mode }) => mode !== 'link'));
  return {
    operations: [
      ...replaced.map(({ hash, path }) => `save - ${hash} ${path}`),
      ...gone.map(({ path }) => `drop - - ${path}`),
      ...put.map((entry) => `${moves.has(entry) ? 'move' : 'copy'} ${entry.mode} ${entry.hash} ${entry.path}`),
      ...moded.map(({ mode, path }) => `mode ${mode} - ${path}`),
    ],
    undo: [
      ...put.filter(({ path }) => !before.has(path)).map(({ path }) => `drop - - ${path}`),
      ...newDirectories(before, after).map((path) => `rmdir - - ${path}`),
      ...replaced.map(({ mode, hash, path }) => `copy ${mode} ${hash} ${path}`),
      ...moded.flatMap(({ path }) => before.get(path) ?? []).map(({ mode, path }) => `mode ${mode} - ${path}`),
    ],
    uploads,
  };
}

function sameContent(old: ManifestEntry | undefined, now: ManifestEntry): boolean {
  return old?.hash === now.hash && (old.mode === 'link') === (now.mode === 'link');
}

function isModeChange(old: ManifestEntry | undefined, now: ManifestEntry): boolean {
  return sameContent(old, now) && old?.mode !== now.mode;
}

/** Directories that only the new release has, the deepest first. */
function newDirectories(before: Manifest, after: Manifest): string[] {
  const old = directories(before);
  return [...directories(after)].filter((path) => !old.has(path)).sort((a, b) => b.length - a.length);
}

function directories(manifest: Manifest): Set<string> {
  const found = new Set<string>();
  for (const path of manifest.keys()) {
    for (let above = posix.dirname(path); above !== '.' && !found.has(above); above = posix.dirname(above))
      found.add(above);
  }
  return found;
}
