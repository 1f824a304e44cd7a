import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** When a file was last changed, in ms since the epoch; 0 when there is none. */
export const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The newest change among files and, to any depth, folders with all that is in them. */
export function newestChange(paths) {
  return Math.max(0, ...paths.map(newest));
}

function newest(path) {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return 0;
  const inside = entry.isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [];
  return Math.max(entry.mtimeMs, newestChange(inside)); // a folder's own time tells of files that were removed
}
