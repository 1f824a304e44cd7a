import { randomBytes } from 'node:crypto';
import { projectOf, remoteDirOf, type Stack } from '../../shared/stack.ts';
import type { Clock } from '../base/clock.ts';

/** A run's name: later ones sort after earlier ones. */
export function newRunId(clock: Clock): string {
  const [date = '', time = ''] = new Date(clock.now()).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
}

/** Parameters that every run of the remote program has. `look` writes nothing on the host. */
export function parametersOf(stack: Stack, verb: 'change' | 'look', id: string) {
  const nonce = randomBytes(12).toString('hex');
  return { verb, id, nonce, dir: remoteDirOf(stack), project: projectOf(stack) };
}
