import { createHash, hash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChange } from '../../shared/deploy.ts';
import type { HashMemory } from './hash-memory.ts';
import type { FileMode, ProjectFile } from './tree.ts';

/** One file of a release. `hash` is the SHA-256 of its content, of a link's target; `size` is unknown of old releases. */
export interface ManifestEntry {
  readonly path: string;
  readonly mode: FileMode;
  readonly hash: string;
  readonly size: number | undefined;
}

/** The files of a release by path. */
export type Manifest = ReadonlyMap<string, ManifestEntry>;

/** Files up to this size are read in one piece, which is faster; larger ones are streamed. */
export const wholeBytes = 256 * 1024;

/** So many files are read at a time. */
const abreast = 8;

/** Reads every file once that is not remembered; memory stays flat whatever their size. */
export async function hashFiles(
  dir: string,
  files: readonly ProjectFile[],
  signal: AbortSignal,
  memory: HashMemory,
): Promise<Manifest> {
  const hashes: string[] = [];
  const remember = memory.begin(dir, files);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      signal.throwIfAborted();
      const file = files[index] as ProjectFile;
      hashes[index] = memory.recall(dir, file) ?? (await hashOf(dir, file));
    }
  };
  await Promise.all(Array.from({ length: abreast }, work));
  remember(hashes);
  return new Map(
    files.map(({ path, mode, size }, index) => [path, { path, mode, size, hash: hashes[index] as string }]),
  );
}

async function hashOf(dir: string, { path, size, target }: ProjectFile): Promise<string> {
  if (target !== undefined) return hash('sha256', target);
  if (size <= wholeBytes) return hash('sha256', await readFile(join(dir, path)));
  const digest = createHash('sha256');
  const buffer = Buffer.allocUnsafe(wholeBytes); // one for all of it: what is read faster than it is collected piles up
  await using handle = await open(join(dir, path));
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, wholeBytes, null);
    if (bytesRead === 0) return digest.digest('hex');
    digest.update(buffer.subarray(0, bytesRead));
  }
}

/** The text that the host keeps: `MODE SHA256 PATH`, a line each. */
export function formatManifest(manifest: Manifest): string {
  return [...manifest.values()].map(({ mode, hash, path }) => `${mode} ${hash} ${path}\n`).join('');
}

/** The inverse for one line; undefined for what is none. */
export function parseManifestLine(line: string): ManifestEntry | undefined {
  const [, mode, hash, path] = /^(644|755|600|700|link) ([0-9a-f]{64}) (.+)$/s.exec(line) ?? [];
  if (mode === undefined || hash === undefined || path === undefined) return undefined;
  return { path, mode: mode as FileMode, hash, size: undefined };
}

/** What a deployment would do to the host's files, sorted by path. A changed mode is a change too. */
export function diffManifests(before: Manifest, after: Manifest): FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path): FileChange[] => {
    const [old, now] = [before.get(path), after.get(path)];
    const sizes = {
      ...(old?.size === undefined ? {} : { before: old.size }),
      ...(now?.size === undefined ? {} : { after: now.size }),
    };
    if (old === undefined) return [{ path, kind: 'added', ...sizes }];
    if (now === undefined) return [{ path, kind: 'deleted', ...sizes }];
    return old.hash === now.hash && old.mode === now.mode ? [] : [{ path, kind: 'changed', ...sizes }];
  });
}
