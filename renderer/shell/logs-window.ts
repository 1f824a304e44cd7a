import { formatRoute, type Route } from '../route.ts';

const search = '?window=logs';

/** Whether this page is a window for logs alone: then logs are shown without the sidebar. It stays so from view to view. */
export function isLogsWindow(): boolean {
  return window.location.search === search;
}

export function logsWindowAddress(route: Route): string {
  return `${search}${formatRoute(route)}`;
}
