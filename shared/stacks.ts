import { FailureError } from './failure.ts';
import type { Stack } from './stack.ts';

/** The stacks with one more. Rejects a name that is taken (`stack-exists`) and a host that nobody knows (`host-not-found`). */
export function withStack(stacks: readonly Stack[], stack: Stack, hostIds: readonly string[]): Stack[] {
  if (stacks.some(({ name }) => name === stack.name))
    throw new FailureError({
      code: 'stack-exists',
      message: `There is a stack ${stack.name} already.`,
      hint: `Give this one another name, or remove the other: \`towline stacks remove ${stack.name}\`.`,
    });
  if (!hostIds.includes(stack.host))
    throw new FailureError({
      code: 'host-not-found',
      message: `There is no host ${stack.host}.`,
      hint:
        hostIds.length === 0
          ? 'Save it first: `towline hosts add ssh://user@host --id NAME`.'
          : `There are: ${hostIds.join(', ')}.`,
    });
  return [...stacks, stack];
}

/** The stacks but that one; its host and what runs there are left alone. Rejects with `stack-not-found`. */
export function withoutStack(stacks: readonly Stack[], name: string): Stack[] {
  const gone = stackNamed(stacks, name);
  return stacks.filter((stack) => stack !== gone);
}

/** Rejects with `stack-not-found`. */
export function stackNamed(stacks: readonly Stack[], name: string): Stack {
  const found = stacks.find((stack) => stack.name === name);
  if (found !== undefined) return found;
  throw new FailureError({
    code: 'stack-not-found',
    message: `There is no stack ${name}.`,
    hint:
      stacks.length === 0
        ? 'Describe it first: `towline stacks add NAME --host HOST --dir DIR`.'
        : `There are: ${stacks.map((stack) => stack.name).join(', ')}.`,
  });
}
