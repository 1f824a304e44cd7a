import type { Clock } from '../base/clock.ts';
import type { ProjectFile } from './tree.ts';

/** A file that changed less than this before it was read may change again without looking different. */
const settledMs = 2_000;

/** Of a larger project nothing is remembered. */
const maxFiles = 50_000;

interface Read {
  readonly size: number;
  readonly changedMs: number;
  readonly inode: number;
  readonly hash: string;
}

/**
 * The hashes of what was read for the last run of a project: a file whose size, inode and time of change (ctime, which no program
 * can set back) are as they were then is not read again.
 */
export class HashMemory {
  readonly #clock: Clock;
  readonly #projects = new Map<string, ReadonlyMap<string, Read>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  recall(dir: string, { path, size, changedMs, inode }: ProjectFile): string | undefined {
    const read = this.#projects.get(dir)?.get(path);
    const isSame = read?.size === size && read.changedMs === changedMs && read.inode === inode;
    return isSame ? read.hash : undefined;
  }

  /** To be called before the first file is read; what it gives takes the hashes, in the order of the files. */
  begin(dir: string, files: readonly ProjectFile[]): (hashes: readonly string[]) => void {
    const settledAt = this.#clock.now() - settledMs;
    return (hashes) => {
      const read = files.flatMap(({ path, size, changedMs, inode }, index): [string, Read][] =>
        changedMs === undefined || inode === undefined || changedMs > settledAt
          ? []
          : [[path, { size, changedMs, inode, hash: hashes[index] as string }]],
      );
      if (files.length <= maxFiles) this.#projects.set(dir, new Map(read));
      else this.#projects.delete(dir);
    };
  }
}
