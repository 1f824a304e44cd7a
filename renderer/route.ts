import { useSyncExternalStore } from 'react';

/** Where one is. It stands in the address, so that back, reload and links work. */
export type Route =
  | { readonly view: 'forwards' }
  | { readonly view: 'host'; readonly hostId: string }
  | { readonly view: 'add-host' }
  | { readonly view: 'rules' }
  | { readonly view: 'settings' };

export function parseRoute(hash: string): Route {
  const [view = '', rest = ''] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'hosts' && rest !== '') return { view: 'host', hostId: decoded(rest) };
  if (view === 'hosts') return { view: 'add-host' };
  return view === 'rules' || view === 'settings' ? { view } : { view: 'forwards' };
}

export function formatRoute(route: Route): string {
  if (route.view === 'host') return `#/hosts/${encodeURIComponent(route.hostId)}`;
  return route.view === 'add-host' ? '#/hosts' : `#/${route.view}`;
}

export function go(route: Route): void {
  window.location.hash = formatRoute(route);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
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
