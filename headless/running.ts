import { readLockOwner } from '../engine/instance-lock.ts';
import { connectControl, type ContractClient, type ControlClient } from '../engine/serve/control-client.ts';
import { FailureError } from '../shared/failure.ts';
import type { Shell } from './shell.ts';

/** What `use` makes of the running engine; where none runs, what `otherwise` makes, or the failure `not-running`. */
export async function withRunning<T>(
  shell: Shell,
  use: (api: ContractClient) => Promise<T>,
  otherwise?: () => Promise<T>,
): Promise<T> {
  let client: ControlClient;
  try {
    const owner = await readLockOwner(shell.paths.lockFile);
    client = await connectControl(owner?.controlSocket ?? shell.paths.controlSocket);
  } catch (error) {
    const notRunning = error instanceof FailureError && error.code === 'not-running';
    if (notRunning && otherwise !== undefined) return otherwise();
    throw error;
  }
  try {
    return await use(client.api);
  } finally {
    await client.dispose();
  }
}
