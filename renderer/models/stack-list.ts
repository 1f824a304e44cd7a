import type { StackView } from '../../shared/stack-view.ts';
import { isBusy } from './stack-words.ts';

/** By name: an order that no change of state disturbs. */
export function sortedStacks(stacks: Readonly<Record<string, StackView>>): StackView[] {
  return Object.values(stacks).sort((a, b) => a.name.localeCompare(b.name));
}

/** Whose run is on show: the one chosen, else one that is at work, else the one that something was done with last. */
export function stackOnShow(stacks: readonly StackView[], selected: string | undefined): StackView | undefined {
  return (
    stacks.find(({ name }) => name === selected) ??
    stacks.find(isBusy) ??
    stacks.reduce<StackView | undefined>(
      (best, stack) => (best === undefined || lastAt(stack) > lastAt(best) ? stack : best),
      undefined,
    )
  );
}

function lastAt({ status, lastDeployment }: StackView): number {
  return 'at' in status ? status.at : (lastDeployment?.at ?? 0);
}
