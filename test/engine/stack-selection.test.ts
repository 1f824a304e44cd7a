import { expect, test } from 'vitest';
import { chosenStacks } from '../../engine/stack-selection.ts';
import { stackSchema } from '../../shared/stack.ts';

const stack = (name: string, ...after: string[]) =>
  stackSchema.parse({ name, host: 'shop', dir: `/src/${name}`, after });
const stacks = [stack('web', 'api'), stack('api', 'db'), stack('db'), stack('blog')];
const shape = (names?: string[]) => chosenStacks(stacks, names).map(({ name, after }) => [name, ...after]);

test('all stacks come in their order, or only those that are named', () => {
  expect(shape()).toEqual([['db'], ['api', 'db'], ['web', 'api'], ['blog']]);
  expect(shape(['blog', 'blog'])).toEqual([['blog']]);
});

test('a stack comes after another also where the one between them was not chosen', () => {
  expect(shape(['web', 'db'])).toEqual([['db'], ['web', 'db']]);
});

test('names that nobody knows, circles and no stack at all are refused', () => {
  const refusal = (all: typeof stacks, names?: string[]) => {
    try {
      return chosenStacks(all, names);
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  expect(refusal(stacks, ['shop'])).toBe('stack-not-found');
  expect(refusal([stack('a', 'b')])).toBe('stack-not-found');
  expect(refusal([stack('a', 'b'), stack('b', 'a')])).toBe('stack-cycle');
  expect(refusal([])).toBe('no-stacks');
});
