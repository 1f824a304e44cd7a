import { createContext, useContext, useMemo } from 'react';
import { forwardWord, localAddress } from '../../shared/words.ts';
import { useApp } from '../app-context.ts';
import type { ForwardItem } from '../models/forward-list.ts';
import { serviceHint } from '../../shared/service-hint.ts';

/** A forward's menu, and its top right corner in px of the window. */
export interface OpenMenu {
  readonly item: ForwardItem;
  readonly at: { readonly right: number; readonly top: number };
}

/** What can be done with a forward, by button, key or menu: the same for all three. */
export interface RowCommands {
  /** In the browser; for a database, its command is copied. */
  open(item: ForwardItem): void;
  copy(item: ForwardItem): void;
  togglePause(item: ForwardItem): void;
  remap(item: ForwardItem): void;
  ignore(item: ForwardItem): void;
  remove(item: ForwardItem): void;
  menu(item: ForwardItem, beside: Element): void;
}

export const RowCommandsContext = createContext<RowCommands | undefined>(undefined);

export function useCommands(): RowCommands {
  const commands = useContext(RowCommandsContext);
  if (commands === undefined) throw new Error('useCommands outside of <RowCommandsContext>');
  return commands;
}

export function isPaused({ forward }: ForwardItem): boolean {
  return forward.state === 'paused';
}

interface Hooks {
  readonly onRemap: (item: ForwardItem) => void;
  readonly onMenu: (menu: OpenMenu) => void;
}

export function useRowCommands({ onRemap, onMenu }: Hooks): RowCommands {
  const { act, copy, tell } = useApp();
  return useMemo(
    () => ({
      open({ forward }) {
        const hint = serviceHint(forward);
        if (forward.state !== 'listening' && forward.state !== 'holding')
          return tell(`${localAddress(forward)}: ${forwardWord(forward).word}`);
        if (hint?.kind === 'command') copy(hint.command, 'command');
        else window.open(hint?.url ?? `http://${localAddress(forward)}`, '_blank', 'noopener,noreferrer');
      },
      copy: ({ forward }) => copy(localAddress(forward), 'address'),
      togglePause(item) {
        const { hostId, forward } = item;
        const which = { hostId, forwardId: forward.id };
        void act((api) => (isPaused(item) ? api.forwards.resume(which) : api.forwards.pause(which)));
      },
      remap: onRemap,
      ignore({ hostId, forward }) {
        void act((api) => api.forwards.ignore({ hostId, forwardId: forward.id })).then(
          (done) => done && tell(`A rule leaves ${forward.service ?? forward.container ?? forward.id} out now`),
        );
      },
      remove({ hostId, forward }) {
        void act((api) => api.forwards.remove({ hostId, forwardId: forward.id }));
      },
      menu(item, beside) {
        const { right, bottom } = beside.getBoundingClientRect();
        onMenu({ item, at: { right: Math.min(right, window.innerWidth - 8), top: bottom + 4 } });
      },
    }),
    [act, copy, tell, onRemap, onMenu],
  );
}
