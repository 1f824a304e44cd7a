import { sleep, type Clock } from '../engine/base/clock.ts';
import { readLockOwner, type LockOwner } from '../engine/instance-lock.ts';
import { connectControl } from '../engine/serve/control-client.ts';
import { FailureError } from '../shared/failure.ts';

/** How long the other engine may take to end, and how often it is looked after. */
const endMs = 5_000;
const lookMs = 100;

/** Asks the engine that holds the lock to stop; resolves when it has. Rejects with `still-running`, or as `connectControl` does. */
export async function stopOther(lockFile: string, { controlSocket, pid }: LockOwner, clock: Clock): Promise<void> {
  const client = await connectControl(controlSocket);
  try {
    await client.api.engine.stop();
  } catch (error) {
    if (!(error instanceof FailureError) || error.code !== 'engine-gone') throw error; // gone before it could answer
  } finally {
    await client.dispose();
  }
  const deadline = clock.monotonic() + endMs;
  while (await readLockOwner(lockFile)) {
    if (clock.monotonic() > deadline) {
      throw new FailureError({
        code: 'still-running',
        message: `The other Towline (pid ${pid}) has not stopped.`,
        hint: 'End it, then start Towline again.',
      });
    }
    await sleep(clock, lookMs);
  }
}
