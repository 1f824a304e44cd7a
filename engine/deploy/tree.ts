import type { Stats } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isIgnored, mayInclude, parseIgnore, type IgnoreRule } from './ignore.ts';

/** A file of a project, as it will be on the host. `target` is what a symbolic link says; its size is the target's. */
export interface ProjectFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly mode: FileMode;
  readonly target?: string;
  /** When the content or the inode was last changed, in ms since the epoch (ctime); unknown of links. */
  readonly changedMs?: number;
  readonly inode?: number;
}

/** Executable or not, for all or for the owner alone; users, groups and special bits stay behind. */
export type FileMode = '644' | '755' | '600' | '700' | 'link';

export interface ProjectTree {
  /** Sorted by path. */
  readonly files: readonly ProjectFile[];
  /** What can't be sent, in the user's words. */
  readonly problems: readonly string[];
}

/** Everything under the directory that is not ignored. `.env` always goes along: Compose reads it on the host. */
export async function readTree(dir: string): Promise<ProjectTree> {
  const ignores = await Promise.all(['.dockerignore', '.towlineignore'].map((name) => textOf(join(dir, name))));
  const walk = new Walk(dir, parseIgnore(...ignores));
  await walk.into('');
  return { files: walk.files.sort((a, b) => (a.path < b.path ? -1 : 1)), problems: walk.problems };
}

class Walk {
  readonly files: ProjectFile[] = [];
  readonly problems: string[] = [];
  readonly #dir: string;
  readonly #rules: readonly IgnoreRule[];

  constructor(dir: string, rules: readonly IgnoreRule[]) {
    this.#dir = dir;
    this.#rules = rules;
  }

  async into(folder: string): Promise<void> {
    const paths = (await readdir(join(this.#dir, folder))).map((name) => posix.join(folder, name));
    const infos = await Promise.all(paths.map((path) => lstat(join(this.#dir, path))));
    for (const [index, path] of paths.entries()) {
      const ignored = isIgnored(this.#rules, path) && path !== '.env';
      const info = infos[index] as Stats;
      if (info.isDirectory()) {
        if (!ignored || mayInclude(this.#rules)) await this.into(path);
      } else if (!ignored) await this.#take(path, info);
    }
  }

  async #take(path: string, info: Stats): Promise<void> {
    const unusable = unusableName(path);
    if (unusable !== undefined) this.problems.push(`${JSON.stringify(path)}: its name has ${unusable}.`);
    else if (info.isFile()) {
      const { size, mode, ctimeMs, ino } = info;
      this.files.push({ path, size, mode: modeOf(path, mode), changedMs: ctimeMs, inode: ino });
    } else if (info.isSymbolicLink()) await this.#takeLink(path);
    else this.problems.push(`${path}: is neither a file nor a directory.`);
  }

  async #takeLink(path: string): Promise<void> {
    const target = await readlink(join(this.#dir, path));
    const inside = !posix.isAbsolute(target) && !leaves(posix.join(posix.dirname(path), target));
    if (!inside) this.problems.push(`${path}: is a link that leaves the project (to ${target}).`);
    else if (unusableName(target) !== undefined) this.problems.push(`${path}: its target has an unusable name.`);
    else this.files.push({ path, size: Buffer.byteLength(target), mode: 'link', target });
  }
}

/** Whether a relative path leads out of the directory that it starts in. */
export function leaves(path: string): boolean {
  const clean = posix.normalize(path);
  return clean === '..' || clean.startsWith('../') || posix.isAbsolute(clean);
}

/** What no line of a manifest can carry. */
function unusableName(path: string): string | undefined {
  if (/\p{Cc}/u.test(path)) return 'a line break or another control character';
  if (path.includes('\\')) return 'a backslash';
  if (path.includes('\ufffd')) return 'bytes that are not UTF-8';
  return undefined;
}

function modeOf(path: string, bits: number): FileMode {
  const isPrivate = posix.basename(path) === '.env' || (bits & 0o077) === 0;
  const executable = (bits & 0o100) !== 0;
  if (isPrivate) return executable ? '700' : '600';
  return executable ? '755' : '644';
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
