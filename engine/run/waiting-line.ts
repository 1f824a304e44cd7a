/** Who goes first, highest first. */
export type QueuePriority = 'deploy' | 'interactive' | 'background';

const order: readonly QueuePriority[] = ['deploy', 'interactive', 'background'];

export interface Queued {
  readonly priority: QueuePriority;
}

/**
 * The line with a newcomer behind everybody of its own or a higher priority. A full line turns away its last: that is the newcomer,
 * unless somebody of a lower priority waits.
 */
export function joinLine<T extends Queued>(
  line: readonly T[],
  newcomer: T,
  capacity: number,
): { line: readonly T[]; turnedAway?: T } {
  const rank = order.indexOf(newcomer.priority);
  const behind = line.findIndex((other) => order.indexOf(other.priority) > rank);
  const joined = behind < 0 ? [...line, newcomer] : line.toSpliced(behind, 0, newcomer);
  const turnedAway = joined[capacity];
  return turnedAway === undefined ? { line: joined } : { line: joined.slice(0, capacity), turnedAway };
}
