import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireInstanceLock, readLockOwner } from '../../engine/instance-lock.ts';
import { processIdentity } from '../../engine/process-identity.ts';

let directory: string;
let file: string;
const self = { mode: 'headless', controlSocket: '/run/x.sock' } as const;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tl-lock-'));
  file = join(directory, 'state', 'engine.lock');
});
afterEach(() => rm(directory, { recursive: true }));

test('the second engine is told who runs, and gets the lock when that one has ended', async () => {
  const first = await acquireInstanceLock(file, self);
  await expect(acquireInstanceLock(file, self)).rejects.toMatchObject({
    code: 'already-running',
    message: `Towline is running already (headless, pid ${process.pid}).`,
  });
  expect(await readLockOwner(file)).toMatchObject({ ...self, pid: process.pid });
  await first.dispose();
  expect(await readLockOwner(file)).toBeUndefined();
  await (await acquireInstanceLock(file, self)).dispose();
  expect(await readdir(join(directory, 'state'))).toEqual([]);
});

test.each([
  ['of a process that is gone', { pid: 2 ** 22 + 1, identity: 'x/1' }],
  ['whose pid belongs to another process by now', { pid: process.pid, identity: 'an-earlier-boot/42' }],
])('a lock %s is taken over', async (_title, dead) => {
  const lock = await acquireInstanceLock(file, self);
  await writeFile(file, JSON.stringify({ ...self, ...dead }));
  const next = await acquireInstanceLock(file, self);
  expect(await readLockOwner(file)).toMatchObject({ pid: process.pid });
  await lock.dispose();
  await next.dispose();
});

test('a lock that cannot be read is taken over', async () => {
  const lock = await acquireInstanceLock(file, self);
  await writeFile(file, '{"pid":');
  await (await acquireInstanceLock(file, self)).dispose();
  await lock.dispose();
});

test('of many that start at the same moment over a dead lock, one runs', async () => {
  await (await acquireInstanceLock(file, self)).dispose();
  await writeFile(file, JSON.stringify({ ...self, pid: 2 ** 22 + 1, identity: 'x/1' }));
  const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => acquireInstanceLock(file, self)));
  const winners = attempts.filter((attempt) => attempt.status === 'fulfilled');
  expect(winners).toHaveLength(1);
  for (const { value } of winners) await value.dispose();
});

test('a process is known by its start, and one that has ended is unknown', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  const first = await processIdentity(pid);
  expect([
    first === undefined,
    first === (await processIdentity(pid)),
    first === (await processIdentity(process.pid)),
  ]).toEqual([false, true, false]);
  await killed(child);
  expect(await processIdentity(pid)).toBeUndefined();
});

test('a directory that cannot be written is a failure that says what to do', async () => {
  await writeFile(join(directory, 'state'), '');
  await expect(acquireInstanceLock(file, self)).rejects.toMatchObject({
    code: 'state-dir-unwritable',
    hint: expect.stringMatching(/TOWLINE_HOME/) as string,
  });
});

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}
