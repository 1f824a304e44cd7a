import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { FailureError } from '../shared/failure.ts';
import { readIfThere } from './atomic-file.ts';
import type { Disposable } from './base/disposables.ts';
import { jsonOrUndefined } from './json-text.ts';
import { processIdentity } from './process-identity.ts';

const ownerSchema = z.object({
  pid: z.int().positive(),
  /** See `processIdentity`. */
  identity: z.string(),
  mode: z.enum(['headless', 'desktop']),
  controlSocket: z.string(),
});

/** The engine that holds the lock, and where it listens. */
export type LockOwner = z.infer<typeof ownerSchema>;

/** The living owner of the lock, or undefined: no lock, an unreadable one, or one whose process is gone. */
export async function readLockOwner(file: string): Promise<LockOwner | undefined> {
  return livingOwner((await readIfThere(file)) ?? '');
}

async function livingOwner(content: string): Promise<LockOwner | undefined> {
  const owner = ownerSchema.safeParse(jsonOrUndefined(content));
  if (!owner.success) return undefined;
  return (await processIdentity(owner.data.pid)) === owner.data.identity ? owner.data : undefined;
}

/**
 * One engine per user, whichever shell runs it. Rejects with `already-running` (who and in which mode), or
 * `state-dir-unwritable`.
 */
export async function acquireInstanceLock(
  file: string,
  self: Pick<LockOwner, 'mode' | 'controlSocket'>,
): Promise<Disposable> {
  const owner: LockOwner = { ...self, pid: process.pid, identity: (await processIdentity(process.pid)) ?? 'unknown' };
  const prepared = `${file}.${randomUUID()}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(prepared, JSON.stringify(owner), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw unwritable(dirname(file), error);
  }
  try {
    await claim(file, prepared);
  } finally {
    await rm(prepared, { force: true });
  }
  return {
    async dispose() {
      if ((await readIfThere(file)) === JSON.stringify(owner)) await rm(file, { force: true });
    },
  };
}

/** A hard link appears whole or not at all, and fails where there is a lock: nobody ever sees half of one. */
async function claim(file: string, prepared: string): Promise<void> {
  for (;;) {
    try {
      await link(prepared, file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(dirname(file), error);
    }
    const held = await readIfThere(file);
    if (held === undefined) continue; // its owner has just ended
    const owner = await livingOwner(held);
    if (owner !== undefined) throw alreadyRunning(owner);
    if (await replaceDead(file, held, prepared)) return;
  }
}

/**
 * Puts ours in the place of a dead owner's lock. Only the holder of a lock named after that very content may do so:
 * of many that find it dead, a late one must not take away what a quicker one has put there. False: it was too late.
 */
async function replaceDead(file: string, dead: string, prepared: string): Promise<boolean> {
  const turn = `${file}.after-${createHash('sha256').update(dead).digest('hex').slice(0, 12)}`;
  await claim(turn, prepared);
  try {
    if ((await readIfThere(file)) !== dead) return false;
    const ours = `${file}.${randomUUID()}`;
    await link(prepared, ours);
    await rename(ours, file);
    return true;
  } catch (error) {
    throw unwritable(dirname(file), error);
  } finally {
    await rm(turn, { force: true });
  }
}

function alreadyRunning({ pid, mode }: LockOwner): FailureError {
  return new FailureError({
    code: 'already-running',
    message: `Towline is running already (${mode}, pid ${pid}).`,
    hint: 'See it with `towline status`; add hosts to it with `towline hosts add`.',
  });
}

function unwritable(directory: string, cause: unknown): FailureError {
  return new FailureError(
    {
      code: 'state-dir-unwritable',
      message: `${directory} cannot be written: ${(cause as Error).message}.`,
      hint: 'Make it writable, or set TOWLINE_HOME to a directory that is.',
    },
    { cause },
  );
}
