import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { matchesPattern } from './pattern.ts';

/** The existing files an absolute path with `*` and `?` stands for, sorted; hidden ones only when asked for by a dot. */
export async function expandFileGlob(path: string): Promise<string[]> {
  const { root } = parse(path);
  let found = [root];
  for (const segment of path
    .slice(root.length)
    .split('/')
    .filter((part) => part !== '')) {
    const next = await Promise.all(found.map((folder) => expandSegment(folder, segment)));
    found = next.flat();
  }
  return found;
}

async function expandSegment(folder: string, segment: string): Promise<string[]> {
  if (!/[*?]/.test(segment)) {
    const path = join(folder, segment);
    return (await exists(path)) ? [path] : [];
  }
  const names = await readdir(folder).catch(() => []);
  const hidden = segment.startsWith('.');
  return names
    .filter((name) => name.startsWith('.') === hidden && matchesPattern(name, segment))
    .sort()
    .map((name) => join(folder, name));
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
