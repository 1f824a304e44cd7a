import type { KeyboardEvent } from 'react';
import { isStop, type ListItem } from '../models/forward-list.ts';
import { hasMod, lettersRest } from '../shell/use-global-keys.ts';
import { useCommands } from './row-commands.ts';

interface ListKeys {
  readonly items: readonly ListItem[];
  readonly current: number;
  moveTo(index: number): void;
  onFold(hostId: string, away: boolean): void;
  toggleDetails(key: string): void;
  showHost(hostId: string): void;
  lineOf(key: string): HTMLElement | null;
}

/** The keyboard on the list. Keys on a button inside a line are that button's own, but for the arrows. */
export function useListKeys(list: ListKeys): (event: KeyboardEvent) => void {
  const commands = useCommands();
  return (event) => {
    const item = list.items[list.current];
    if (item === undefined || event.altKey) return;
    const target = move(list.items, list.current, event.key);
    if (target !== undefined) return handle(event, () => list.moveTo(target));
    if (event.target instanceof Element && event.target.closest('button, a, input') !== null) return;
    const run = actions(item, event);
    if (run !== undefined) handle(event, run);
  };

  function actions(item: ListItem, event: KeyboardEvent): (() => void) | undefined {
    const { key } = event;
    const line = list.lineOf(item.key);
    if (item.kind === 'host') {
      if (key === 'ArrowLeft' || key === 'ArrowRight') return () => list.onFold(item.host.id, key === 'ArrowLeft');
      if (key === ' ') return () => list.onFold(item.host.id, !item.folded);
      return key === 'Enter' ? () => list.showHost(item.host.id) : undefined;
    }
    if (item.kind !== 'forward') return undefined;
    if (key === 'ArrowLeft')
      return () => list.moveTo(list.items.findIndex((other) => other.kind === 'host' && other.host.id === item.hostId));
    if (key === 'Enter') return () => commands.open(item);
    if (key === ' ') return () => list.toggleDetails(item.key);
    if (key === 'ContextMenu' || (key === 'F10' && event.shiftKey))
      return line === null ? undefined : () => commands.menu(item, line);
    if (key === 'c' && hasMod(event))
      return window.getSelection()?.isCollapsed === false ? undefined : () => commands.copy(item);
    if (hasMod(event) || lettersRest(event.target)) return undefined;
    const letters: Readonly<Record<string, () => void>> = {
      p: () => commands.togglePause(item),
      r: () => commands.remap(item),
      i: () => (item.forward.source === 'manual' ? commands.remove(item) : commands.ignore(item)),
    };
    return letters[key];
  }
}

function move(items: readonly ListItem[], from: number, key: string): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return orStay(items.findIndex((item, i) => i > from && isStop(item)));
    case 'ArrowUp':
      return orStay(items.findLastIndex((item, i) => i < from && isStop(item)));
    case 'Home':
      return orStay(items.findIndex(isStop));
    case 'End':
      return orStay(items.findLastIndex(isStop));
    default:
      return undefined;
  }
  function orStay(found: number): number {
    return found === -1 ? from : found;
  }
}

function handle(event: KeyboardEvent, run: () => void): void {
  event.preventDefault();
  event.stopPropagation();
  run();
}
