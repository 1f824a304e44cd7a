import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError } from '../../../shared/failure.ts';
import { askpassProgram } from './askpass.ts';

/** A master first binds a name that is longer by a dot and 16 characters, and the kernel takes 103 bytes everywhere. */
const maxSocketPathBytes = 103 - 17;

let made = 0;

/** The private folder (0700) of one master: its control socket, and what carries ssh's questions. */
export interface ControlFolder {
  readonly path: string;
  readonly socket: string;
  /** The program for SSH_ASKPASS. */
  readonly askpass: string;
}

/**
 * Makes the folder of a new master, and clears away those of engines that are no more with their stale sockets.
 * Throws `socket-path-too-long` where `runtimeDir` leaves no room for a socket.
 */
export async function makeControlFolder(runtimeDir: string, hostId: string): Promise<ControlFolder> {
  const base = join(runtimeDir, 'ssh');
  const path = join(base, `${shortHash(hostId)}.${process.pid}.${++made}`);
  const folder = { path, socket: join(path, 'm'), askpass: join(path, 'ask') };
  checkLength(folder.socket);
  await mkdir(base, { recursive: true, mode: 0o700 });
  await chmod(base, 0o700);
  const stale = (await readdir(base)).filter((name) => join(base, name) === path || !hasOwner(name));
  for (const name of stale) await rm(join(base, name), { recursive: true, force: true });
  await mkdir(path, { mode: 0o700 });
  await writeFile(folder.askpass, askpassProgram, { mode: 0o700 });
  return folder;
}

function checkLength(socket: string): void {
  const bytes = Buffer.byteLength(socket);
  if (bytes <= maxSocketPathBytes) return;
  throw new FailureError({
    code: 'socket-path-too-long',
    message: `${socket} has ${bytes} bytes; the path of ssh’s control socket may have ${maxSocketPathBytes}.`,
    hint: 'Set TOWLINE_HOME to a shorter directory.',
  });
}

function hasOwner(name: string): boolean {
  const pid = /^[0-9a-f]+\.(\d+)\.\d+$/.exec(name)?.[1];
  if (pid === undefined) return true; // not ours
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
