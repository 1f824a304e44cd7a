import { useSyncExternalStore } from 'react';

/** Where one is. It stands in the address, so that back, reload and links work. */
export type Route =
  | { readonly view: 'forwards' }
  | { readonly view: 'host'; readonly hostId: string }
  | { readonly view: 'add-host' }
  | { readonly view: 'stacks'; readonly stack?: string }
  | { readonly view: 'rules' }
  | { readonly view: 'logs'; readonly hostId?: string; readonly name?: string; readonly at?: string }
  | { readonly view: 'timeline'; readonly hostId?: string }
  | { readonly view: 'popover' }
  | { readonly view: 'settings' };

export function parseRoute(hash: string): Route {
  const [view = '', rest = '', more = '', last = ''] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'hosts' && rest !== '') return { view: 'host', hostId: decoded(rest) };
  if (view === 'hosts') return { view: 'add-host' };
  if (view === 'stacks') return rest === '' ? { view } : { view, stack: decoded(rest) };
  if (view === 'logs') {
    const [hostId = '', name = '', at = ''] = [rest, more, last].map(decoded);
    if (hostId === '' || name === '') return { view };
    return { view, hostId, name, ...(Number.isNaN(Date.parse(at)) ? {} : { at }) };
  }
  if (view === 'timeline') return rest === '' ? { view } : { view, hostId: decoded(rest) };
  if (view === 'popover') return { view };
  return view === 'rules' || view === 'settings' ? { view } : { view: 'forwards' };
}

export function formatRoute(route: Route): string {
  if (route.view === 'host') return `#/hosts/${encodeURIComponent(route.hostId)}`;
  if (route.view === 'stacks')
    return `#/stacks${route.stack === undefined ? '' : `/${encodeURIComponent(route.stack)}`}`;
  if (route.view === 'logs' && route.hostId !== undefined && route.name !== undefined)
    return `#/${['logs', route.hostId, route.name, ...(route.at === undefined ? [] : [route.at])].map(encodeURIComponent).join('/')}`;
  if (route.view === 'timeline')
    return `#/timeline${route.hostId === undefined ? '' : `/${encodeURIComponent(route.hostId)}`}`;
  return route.view === 'add-host' ? '#/hosts' : `#/${route.view}`;
}

const listeners = new Set<() => void>();

/** Goes there at once: the next key already meets the new view, as `hashchange` only comes some time after. */
export function go(route: Route): void {
  window.location.hash = formatRoute(route);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('hashchange', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('hashchange', listener);
  };
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => window.location.hash));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
