import type { AppState } from '../../shared/app-state.ts';
import type { ForwardView } from '../../shared/forward.ts';
import type { HostView } from '../../shared/host.ts';
import { shownForwards } from './forward-list.ts';

/** So many forwards of a host are named in the popover; of the others there is a count. */
const mostForwards = 12;

/** How many ports are open on localhost. */
export function openPorts(hosts: AppState['hosts']): number {
  return Object.values(hosts)
    .flatMap(({ forwards }) => Object.values(forwards))
    .filter(({ state }) => state === 'listening' || state === 'holding').length;
}

/** The forwards of a host that the popover names, and how many more there are. */
export function popoverForwards(host: HostView): { readonly shown: readonly ForwardView[]; readonly more: number } {
  const all = shownForwards(host).filter(({ state }) => state !== 'unsupported');
  return { shown: all.slice(0, mostForwards), more: Math.max(0, all.length - mostForwards) };
}
