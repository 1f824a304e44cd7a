import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { FailureError } from '../../shared/failure.ts';
import { wholeBytes, type ManifestEntry } from './manifest.ts';
import type { ProjectFile } from './tree.ts';

/** Something of the archive that is made here: a list for the remote program. */
export interface ArchiveText {
  readonly name: string;
  readonly text: string;
}

export interface ArchiveInput {
  readonly dir: string;
  readonly texts: readonly ArchiveText[];
  /** Contents to send. Their names in the archive are their hashes, so that no name of a user's is ever in it. */
  readonly contents: readonly ManifestEntry[];
  readonly files: readonly ProjectFile[];
}

const block = 512;

type Entry = ReturnType<typeof header>;

/** The archive's exact size in bytes: each entry's header and content in whole blocks, and two blocks at the end. */
export function archiveSize({ texts, contents }: ArchiveInput): number {
  const sizes = [...texts.map(({ text }) => Buffer.byteLength(text)), ...contents.map(({ size }) => size ?? 0)];
  return sizes.reduce((sum, size) => sum + block + Math.ceil(size / block) * block, 2 * block);
}

/**
 * The archive as a stream: files are read as it is read, so that memory stays flat. The same input gives the same bytes. Fails
 * with `file-changed` when a file is no longer what its manifest says.
 */
export function createArchive(input: ArchiveInput): Readable {
  return Readable.from(archiveBytes(input), { objectMode: false });
}

async function* archiveBytes(input: ArchiveInput): AsyncGenerator<Buffer> {
  const archive = pack();
  const over = new AbortController();
  const written = write(archive, input, over.signal);
  written.catch((error: unknown) => archive.destroy(error as Error));
  try {
    for await (const chunk of archive) yield chunk as Buffer;
  } catch (error) {
    await written; // it knows which file it was
    throw error;
  } finally {
    over.abort();
    archive.destroy();
  }
}

async function write(archive: Pack, { dir, texts, contents, files }: ArchiveInput, signal: AbortSignal): Promise<void> {
  for (const { name, text } of texts) await addWhole(archive, header(name, Buffer.byteLength(text)), text);
  const targets = new Map(files.map((file) => [file.path, file.target]));
  for (const { path, hash, size = 0, mode } of contents) {
    const target = targets.get(path);
    if (target !== undefined) await addWhole(archive, header(hash, size), target);
    else await addFile(archive, join(dir, path), { ...header(hash, size), mode: Number.parseInt(mode, 8) }, signal);
  }
  archive.finalize();
}

function addWhole(archive: Pack, entry: Entry, content: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry(entry, content, (error) => (error ? reject(error) : resolve()));
  });
}

async function addFile(archive: Pack, path: string, entry: Entry, signal: AbortSignal): Promise<void> {
  try {
    if (entry.size > wholeBytes) {
      await pipeline(createReadStream(path), archive.entry(entry) as unknown as NodeJS.WritableStream, { signal });
      return;
    }
    const content = await readFile(path);
    if (content.length !== entry.size) throw new Error(`${content.length} bytes instead of ${entry.size}`);
    await addWhole(archive, entry, content);
  } catch (error) {
    throw new FailureError(
      {
        code: 'file-changed',
        message: `${path} changed while it was being sent.`,
        hint: 'Deploy again when nothing writes to the project.',
      },
      { cause: error },
    );
  }
}

function header(
  name: string,
  size: number,
): { name: string; size: number; mode: number; mtime: Date; uid: number; gid: number } {
  return { name, size, mode: 0o600, mtime: new Date(0), uid: 0, gid: 0 };
}
