import { open } from 'node:fs/promises';
import { maxLogFiles } from '../log-file.ts';

/** The newest lines of the log, whole, in their order, over its rotated files: at most `maxBytes`. Empty where there is none. */
export async function readLogTail(file: string, maxBytes: number): Promise<string[]> {
  const lines: string[] = [];
  let left = maxBytes;
  for (let number = 0; number < maxLogFiles && left > 0; number += 1) {
    const { text, cut } = await readEnd(number === 0 ? file : `${file}.${number}`, left);
    left -= Buffer.byteLength(text);
    const found = text.split('\n');
    lines.unshift(...(cut ? found.slice(1) : found).filter((line) => line !== ''));
    if (cut) break;
  }
  return lines;
}

/** `cut`: it begins earlier than what was read. */
async function readEnd(file: string, maxBytes: number): Promise<{ text: string; cut: boolean }> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return { text: '', cut: false };
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, maxBytes);
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await handle.read(bytes, 0, length, size - length);
    return { text: bytes.toString('utf8', 0, bytesRead), cut: length < size };
  } finally {
    await handle.close();
  }
}
