import { useEffect, useRef } from 'react';
import { preferences } from '../preferences.ts';
import { go, type Route } from '../route.ts';

const isMac = /Mac/.test(navigator.userAgent);
/** How long `g` waits for the letter of a view. */
const chordMs = 1_200;

const viewOf: Readonly<Record<string, Route>> = {
  f: { view: 'forwards' },
  s: { view: 'stacks' },
  l: { view: 'logs' },
  t: { view: 'timeline' },
  r: { view: 'rules' },
  h: { view: 'add-host' },
  ',': { view: 'settings' },
};
const withMod: Readonly<Record<string, Route>> = {
  '1': { view: 'forwards' },
  '2': { view: 'stacks' },
  '3': { view: 'logs' },
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
    const onFocusIn = ({ target }: FocusEvent): void => {
      if (target instanceof Element) lastRegion = regionOf(target) ?? lastRegion;
    };
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('focusin', onFocusIn);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('focusin', onFocusIn);
    };
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

const regionNames = ['sidebar', 'toolbar', 'content'] as const;
/** The region that had the focus last: a view that goes takes its focus with it, and one goes on from there. */
let lastRegion: string | undefined;

/** Sidebar, toolbar, content, and round again; a region that is not there is passed over. */
function nextRegion(backwards: boolean): void {
  const regions = regionNames.flatMap((name) => [...document.querySelectorAll<HTMLElement>(`[data-region=${name}]`)]);
  const { activeElement } = document;
  const last = activeElement === document.body ? lastRegion : regionOf(activeElement);
  const inside = regions.findIndex((region) => region.dataset['region'] === last);
  const next = inside === -1 && backwards ? -1 : inside + (backwards ? -1 : 1);
  const region = regions.at(next % regions.length);
  const first =
    region?.dataset['region'] === 'content'
      ? document.querySelector<HTMLElement>('.View-body [tabindex="0"]')
      : region?.querySelector<HTMLElement>(
          '[aria-current], [data-current], a[href], button:enabled, input:enabled, [tabindex="0"]',
        );
  (first ?? region)?.focus();
}

function regionOf(element: Element | null): string | undefined {
  return element?.closest<HTMLElement>('[data-region]')?.dataset['region'];
}
