import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FailureError } from '../../shared/failure.ts';
import { parseKnownHosts, type KnownHost } from './known-hosts.ts';

/**
 * The entries of all files, in order; a file that is not there has none.
 * Throws `known-hosts-unreadable` for a file that is there and can't be read: a revoked key could hide in it.
 */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const entries = await Promise.all(files.map(readOne));
  return entries.flat();
}

async function readOne(file: string): Promise<KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'latin1'), file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new FailureError(
      {
        code: 'known-hosts-unreadable',
        message: `The list of known hosts ${file} can't be read (${code ?? 'unknown reason'}).`,
        hint: `Make it readable: chmod u+r ${file}`,
      },
      { cause },
    );
  }
}

/**
 * Remembers a key under a hashed name, so that the file does not tell where its owner goes. Makes the folder (0700) and
 * the file (0600) where they are missing; a last line without its newline is completed first. Returns when it is on disk.
 */
export async function appendHostKey(file: string, name: string, keyType: string, key: Buffer): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, 'a+', 0o600);
    try {
      const info = await handle.stat();
      if (!info.isFile()) return; // /dev/null: remembering is not wanted
      const { size } = info;
      const last = Buffer.alloc(1);
      if (size > 0) await handle.read(last, 0, 1, size - 1);
      const guard = size > 0 && last.toString() !== '\n' ? '\n' : '';
      await handle.appendFile(`${guard}${hashedName(name)} ${keyType} ${key.toString('base64')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new FailureError(
      {
        code: 'known-hosts-unwritable',
        message: `The host key can't be added to ${file} (${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'}).`,
        hint: `Make ${file} writable, or name another file with --known-hosts.`,
      },
      { cause },
    );
  }
}

function hashedName(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}
