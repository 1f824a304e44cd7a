import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../engine/base/clock.ts';
import { DisposableStore } from '../../engine/base/disposables.ts';
import { silentLogger } from '../../engine/base/logger.ts';
import { acquireInstanceLock, readLockOwner, type LockOwner } from '../../engine/instance-lock.ts';
import { openControlSocket } from '../../engine/serve/control-socket.ts';
import { stopOther } from '../../electron/take-over.ts';
import { FakeEngine } from '../engine/serve/fake-engine.ts';

let owned: DisposableStore;
let lockFile: string;
let controlSocket: string;
beforeEach(async () => {
  owned = new DisposableStore();
  const folder = await mkdtemp(join(tmpdir(), 'tl-over-'));
  owned.defer(() => rm(folder, { recursive: true }));
  lockFile = join(folder, 'engine.lock');
  controlSocket = join(folder, 'run', 'control.sock');
});
afterEach(() => owned.dispose());

test('the engine that holds the lock is asked to stop, and waited for', async () => {
  const lock = owned.add(await acquireInstanceLock(lockFile, { mode: 'headless', controlSocket }));
  const engine = new FakeEngine();
  const socket = owned.add(await openControlSocket({ path: controlSocket, commands: engine, log: silentLogger }));
  engine.onStop = () => void Promise.resolve(socket.dispose()).then(() => lock.dispose()); // before it has answered
  await stopOther(lockFile, (await readLockOwner(lockFile)) as LockOwner, systemClock);
  expect(await readLockOwner(lockFile)).toBeUndefined();
});

test('an engine that can’t be reached is told as such', async () => {
  owned.add(await acquireInstanceLock(lockFile, { mode: 'headless', controlSocket }));
  const other = (await readLockOwner(lockFile)) as LockOwner;
  await expect(stopOther(lockFile, other, systemClock)).rejects.toMatchObject({ code: 'not-running' });
});
