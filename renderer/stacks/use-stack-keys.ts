import type { KeyboardEvent } from 'react';
import type { StackView } from '../../shared/stack-view.ts';
import { isBusy } from '../models/stack-words.ts';
import { hasMod } from '../shell/use-global-keys.ts';
import type { StackCommands } from './stack-commands.ts';

/** The keyboard on the stacks: arrows go from card to card, Mod Enter deploys, Shift Mod Enter is a dry run, Mod . cancels. */
export function useStackKeys(
  stacks: readonly StackView[],
  current: StackView | undefined,
  commands: StackCommands,
): (event: KeyboardEvent) => void {
  return (event) => {
    const card = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-stack]') : null;
    const stack = stacks.find(({ name }) => name === card?.dataset['stack']) ?? current;
    if (stack === undefined || event.altKey) return;
    const run = action(event, stack) ?? (card === null ? undefined : move(event.key, card));
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };

  function action(event: KeyboardEvent, stack: StackView): (() => void) | undefined {
    if (!hasMod(event)) return undefined;
    const { status, name } = stack;
    if (event.key === '.' && 'run' in status) return () => commands.cancel(status.run);
    if (event.key !== 'Enter' || isBusy(stack)) return undefined;
    return event.shiftKey ? () => commands.dryRun(name) : () => commands.deploy(name);
  }
}

function move(key: string, card: HTMLElement): (() => void) | undefined {
  const cards = [...(card.parentElement?.children ?? [])];
  const index = cards.indexOf(card);
  const to = {
    ArrowRight: index + 1,
    ArrowDown: index + 1,
    ArrowLeft: index - 1,
    ArrowUp: index - 1,
    Home: 0,
    End: cards.length - 1,
  }[key];
  const next = to === undefined ? undefined : cards[to];
  return next === undefined ? undefined : () => next.querySelector('a')?.focus();
}
