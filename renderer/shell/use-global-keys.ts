import { useEffect, useRef } from 'react';
import { preferences } from '../preferences.ts';
import { go, type Route } from '../route.ts';

const isMac = /Mac/.test(navigator.userAgent);
/** How long `g` waits for the letter of a view. */
const chordMs = 1_200;

const viewOf: Readonly<Record<string, Route>> = {
  f: { view: 'forwards' },
  r: { view: 'rules' },
  h: { view: 'add-host' },
  ',': { view: 'settings' },
};
const withMod: Readonly<Record<string, Route>> = {
  '1': { view: 'forwards' },
  '4': { view: 'settings' },
  ',': { view: 'settings' },
};

/** The key that is Cmd on macOS and Ctrl elsewhere. */
export function hasMod(event: { readonly metaKey: boolean; readonly ctrlKey: boolean }): boolean {
  return isMac ? event.metaKey : event.ctrlKey;
}

export const modName = isMac ? '⌘' : 'Ctrl';

/** Whether single letters are commands where the event came from. */
export function lettersRest(target: EventTarget | null): boolean {
  if (!preferences().letterKeys) return true;
  return target instanceof Element && target.closest('input, select, textarea, dialog, [role=menu]') !== null;
}

/** Keys that work in every view. */
export function useGlobalKeys(onHelp: () => void): void {
  const chordAt = useRef(-Infinity);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      if (event.key === 'F6') return handled(event, () => nextRegion(event.shiftKey));
      const mod = hasMod(event);
      const view = withMod[event.key];
      if (mod && view !== undefined) return handled(event, () => go(view));
      if (event.key === 'f' && mod) return void (focusSearch() && event.preventDefault());
      if (mod || event.altKey || event.metaKey || event.ctrlKey || lettersRest(event.target)) return;
      const chord = viewOf[event.key];
      if (event.timeStamp - chordAt.current < chordMs && chord !== undefined) {
        chordAt.current = -Infinity;
        return handled(event, () => go(chord));
      }
      if (event.key === 'g') chordAt.current = event.timeStamp;
      else if (event.key === '/') handled(event, focusSearch);
      else if (event.key === '?') handled(event, onHelp);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [onHelp]);
}

function handled(event: KeyboardEvent, run: () => unknown): void {
  event.preventDefault();
  run();
}

function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('input[type=search]');
  search?.focus();
  search?.select();
  return search !== null;
}

/** Sidebar, toolbar, content, and round again. */
function nextRegion(backwards: boolean): void {
  const regions = ['sidebar', 'toolbar', 'content'].flatMap((name) => [
    ...document.querySelectorAll<HTMLElement>(`[data-region=${name}]`),
  ]);
  if (regions.length === 0) return;
  const inside = regions.findIndex((region) => region === document.activeElement?.closest('[data-region]'));
  const region = regions.at((inside + (backwards ? -1 : 1)) % regions.length) ?? regions[0];
  const first = region?.querySelector<HTMLElement>(
    '[aria-current], [data-current], a[href], button, input, [tabindex="0"]',
  );
  if (region?.dataset['region'] === 'content')
    (document.querySelector<HTMLElement>('.View-body [tabindex="0"]') ?? region).focus();
  else (first ?? region)?.focus();
}
