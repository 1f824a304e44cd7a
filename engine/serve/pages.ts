import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, extname, join, relative, sep } from 'node:path';

/** One file of the app, as it is sent. */
export interface Page {
  readonly type: string;
  readonly body: Buffer;
}

/** By the path under which a browser asks; what is not in here does not exist. */
export type Pages = ReadonlyMap<string, Page>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads the built app into memory; of a folder that is missing, nothing. `index.html` is also `/`. */
export async function readPages(folder: string | undefined): Promise<Pages> {
  const pages = new Map<string, Page>();
  if (folder === undefined || !existsSync(folder)) return pages;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    pages.set(`/${relative(folder, file).split(sep).join('/')}`, { type, body: await readFile(file) });
  }
  const index = pages.get('/index.html');
  if (index !== undefined) pages.set('/', index);
  return pages;
}

/** The build's `renderer` folder, from the sources as well as from the build itself; undefined if it was not built. */
export function builtPages(from: string = import.meta.dirname): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const pages = join(folder, 'dist', 'renderer');
    if (existsSync(join(pages, 'index.html'))) return pages;
    if (dirname(folder) === folder) return undefined;
  }
}
