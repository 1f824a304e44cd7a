import type { Stack } from '../../shared/stack.ts';

type Placed = Pick<Stack, 'name' | 'host' | 'after'>;

export type StackOrder =
  | { kind: 'ordered'; names: readonly string[] }
  | { kind: 'cycle'; names: readonly string[] }
  | { kind: 'unknown'; name: string; wantedBy: string };

/**
 * The order of stacks in which each comes after those that it names in `after`, otherwise as given. A cycle is told by its members,
 * the first one again at the end.
 */
export function orderStacks(stacks: readonly Placed[]): StackOrder {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const done = new Set<string>();
  const path: string[] = [];

  const visit = (stack: Placed): StackOrder | undefined => {
    if (done.has(stack.name)) return undefined;
    if (path.includes(stack.name))
      return { kind: 'cycle', names: [...path.slice(path.indexOf(stack.name)), stack.name] };
    path.push(stack.name);
    for (const name of stack.after) {
      const before = byName.get(name);
      if (before === undefined) return { kind: 'unknown', name, wantedBy: stack.name };
      const problem = visit(before);
      if (problem !== undefined) return problem;
    }
    path.pop();
    done.add(stack.name);
    return undefined;
  };

  for (const stack of stacks) {
    const problem = visit(stack);
    if (problem !== undefined) return problem;
  }
  return { kind: 'ordered', names: [...done] };
}

export interface SequenceOptions<T extends Placed> {
  /** In an order that `orderStacks` gave. */
  readonly stacks: readonly T[];
  /** True if it worked. */
  readonly deploy: (stack: T) => Promise<boolean>;
  /** `stop`: nothing new starts after a failure. `continue`: only what depends on it is left out. */
  readonly onFailure: 'stop' | 'continue';
  /** Waits until what comes after this stack, or after it on its host, may start. */
  readonly pause: (stack: T) => Promise<void>;
  /** Hears of a stack that is left out, and because of which. */
  readonly skipped: (stack: T, because: string) => void;
}

/** Deploys one stack at a time on each host, and hosts side by side; a stack waits for those that it comes after. */
export async function deployInOrder<T extends Placed>({
  stacks,
  deploy,
  onFailure,
  pause,
  skipped,
}: SequenceOptions<T>): Promise<void> {
  const running = new Map<string, Promise<boolean>>();
  const lastOnHost = new Map<string, Promise<boolean>>();
  let failed: string | undefined;
  for (const [index, stack] of stacks.entries()) {
    const isAwaited = stacks
      .slice(index + 1)
      .some(({ host, after }) => host === stack.host || after.includes(stack.name));
    const run = async (previous: Promise<boolean> | undefined): Promise<boolean> => {
      await previous;
      for (const name of stack.after) {
        if (await running.get(name)) continue;
        skipped(stack, name);
        return false;
      }
      if (failed !== undefined && onFailure === 'stop') {
        skipped(stack, failed);
        return false;
      }
      const ok = await deploy(stack);
      if (!ok) failed ??= stack.name;
      else if (isAwaited) await pause(stack);
      return ok;
    };
    const outcome = run(lastOnHost.get(stack.host));
    running.set(stack.name, outcome);
    lastOnHost.set(stack.host, outcome);
  }
  await Promise.all(running.values());
}
