import { FailureError } from '../shared/failure.ts';
import type { Stack } from '../shared/stack.ts';
import { stackNamed } from '../shared/stacks.ts';
import { orderStacks } from './deploy/order.ts';

/**
 * The stacks of these names, or all, each behind those that it comes after; `after` names only such as were chosen too, also where
 * one that was not stands between. Rejects with `no-stacks`, `stack-not-found`, `stack-cycle`.
 */
export function chosenStacks(stacks: readonly Stack[], names: readonly string[] | undefined): Stack[] {
  if (stacks.length === 0) throw noStacks();
  const chosen = new Set((names ?? stacks.map(({ name }) => name)).map((name) => stackNamed(stacks, name).name));
  return ordered(stacks)
    .filter(({ name }) => chosen.has(name))
    .map((stack) => ({ ...stack, after: chosenBefore(stack, stacks, chosen) }));
}

function ordered(stacks: readonly Stack[]): Stack[] {
  const order = orderStacks(stacks);
  if (order.kind === 'ordered') return order.names.map((name) => stackNamed(stacks, name));
  const failure =
    order.kind === 'cycle'
      ? {
          message: `The stacks wait for each other: ${order.names.join(' → ')}.`,
          hint: 'Take one of them out of `after`.',
        }
      : { message: `${order.wantedBy} comes after ${order.name}, which is not there.`, hint: 'Correct its `after`.' };
  throw new FailureError({ code: order.kind === 'cycle' ? 'stack-cycle' : 'stack-not-found', ...failure });
}

function chosenBefore(stack: Stack, stacks: readonly Stack[], chosen: ReadonlySet<string>): string[] {
  const before = stack.after.flatMap((name) =>
    chosen.has(name) ? [name] : chosenBefore(stackNamed(stacks, name), stacks, chosen),
  );
  return [...new Set(before)];
}

function noStacks(): FailureError {
  return new FailureError({
    code: 'no-stacks',
    message: 'There is no stack yet.',
    hint: 'Describe one: `towline stacks add NAME --host HOST --dir DIR`.',
  });
}
