import { open, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import { wholeBytes, type ManifestEntry } from './manifest.ts';
import { tarBlock, tarHeader, tarPadding, tarSize, type TarEntry } from './tar-header.ts';
import type { ProjectFile } from './tree.ts';

/** Something of the archive that is made here: a list for the remote program. */
export interface ArchiveText {
  readonly name: string;
  readonly text: string;
}

/** The archive holds the texts; the files in tree/ by their paths; the targets of links in objects/ by their hashes. */
export interface ArchiveInput {
  readonly dir: string;
  readonly texts: readonly ArchiveText[];
  readonly contents: readonly ManifestEntry[];
  readonly files: readonly ProjectFile[];
}

/** An entry with its content, or with the file that it is read from. */
interface Part {
  readonly entry: TarEntry;
  readonly content?: Buffer;
  readonly file?: string;
}

/** So many small files are read ahead. */
const ahead = 16;
const end = Buffer.alloc(2 * tarBlock);

/** The archive's exact size in bytes: each entry's header and content in whole blocks, and two blocks at the end. */
export function archiveSize(input: ArchiveInput): number {
  return partsOf(input).reduce((sum, { entry }) => sum + tarSize(entry), end.length);
}

/**
 * The archive, piece by piece: a piece is good until the next one is asked for. Files are read as it is read, so that memory stays
 * flat. The same input gives the same bytes. Fails with `file-changed` when a file is no longer what its manifest says.
 */
export async function* archiveBytes(input: ArchiveInput): AsyncGenerator<Buffer, void> {
  const parts = partsOf(input);
  const buffer = Buffer.allocUnsafe(wholeBytes);
  const reading: (Promise<Buffer | undefined> | undefined)[] = [];
  for (const [index, { entry, file }] of parts.entries()) {
    while (reading.length < Math.min(parts.length, index + ahead)) reading.push(readAhead(parts[reading.length]));
    const whole = await reading[index];
    reading[index] = undefined; // from here on it is held here only
    yield tarHeader(entry);
    if (whole !== undefined) yield whole;
    else if (file !== undefined) yield* pieces(file, entry.size, buffer);
    yield tarPadding(entry.size);
  }
  yield end;
}

function partsOf({ dir, texts, contents, files }: ArchiveInput): Part[] {
  const targets = new Map(files.map(({ path, target }) => [path, target]));
  const isLink = ({ path }: ManifestEntry): boolean => targets.get(path) !== undefined;
  const links = new Map(contents.filter(isLink).map(({ hash, path }) => [hash, targets.get(path) ?? '']));
  const plain = contents.filter((entry) => !isLink(entry));
  return [
    ...texts.map(({ name, text }) => madeHere(name, text)),
    ...[...links].map(([hash, target]) => madeHere(`objects/${hash}`, target)),
    ...directoriesOf(plain).map((name): Part => ({ entry: { name, kind: 'directory', size: 0, mode: 0o755 } })),
    ...plain.map(({ path, mode, size = 0 }): Part => {
      const entry = { name: `tree/${path}`, kind: 'file', size, mode: Number.parseInt(mode, 8) } as const;
      return { entry, file: join(dir, path) };
    }),
  ];
}

function madeHere(name: string, text: string): Part {
  const content = Buffer.from(text);
  return { entry: { name, kind: 'file', size: content.length, mode: 0o600 }, content };
}

/** `tree` and all directories of these files in it, each before those in it. */
function directoriesOf(entries: readonly ManifestEntry[]): string[] {
  const found = new Set(['tree']);
  for (const { path } of entries) {
    for (let above = posix.dirname(path); above !== '.'; above = posix.dirname(above)) {
      if (found.has(`tree/${above}`)) break;
      found.add(`tree/${above}`);
    }
  }
  return [...found].sort();
}

/** The content of a part that is small or made here. Its failure is told by who awaits it. */
function readAhead(part: Part | undefined): Promise<Buffer | undefined> {
  const { entry, content, file } = part ?? {};
  if (file === undefined || entry === undefined || entry.size > wholeBytes) return Promise.resolve(content);
  const read = readFile(file).then((bytes) => {
    if (bytes.length !== entry.size) throw new Error(`${bytes.length} bytes instead of ${entry.size}`);
    return bytes;
  });
  const told = read.catch((error: unknown) => {
    throw changed(file, error);
  });
  told.catch(() => undefined);
  return told;
}

async function* pieces(file: string, size: number, buffer: Buffer): AsyncGenerator<Buffer, void> {
  let left = size;
  await using handle = await open(file).catch((error: unknown) => {
    throw changed(file, error);
  });
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    left -= bytesRead;
    if (left < 0 || (bytesRead === 0 && left > 0)) throw changed(file, new Error(`it no longer has ${size} bytes`));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function changed(path: string, cause: unknown): FailureError {
  return new FailureError(
    {
      code: 'file-changed',
      message: `${path} changed while it was being sent.`,
      hint: 'Deploy again when nothing writes to the project.',
    },
    { cause },
  );
}
