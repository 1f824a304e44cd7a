import type { Pages } from '../engine/serve/pages.ts';

/** Where the app's own pages are: a scheme that nothing outside this process serves or reaches. */
export const pageScheme = 'app';
export const pageOrigin = `${pageScheme}://towline`;

/** Nothing but our own files may run or load; a page speaks to the engine over the preload's bridge, not over the network. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Answers a request for one of the app's files; what is not one of them does not exist. */
export function answerPage(pages: Pages, request: Pick<Request, 'url' | 'method'>): Response {
  const url = new URL(request.url);
  const page = url.host === 'towline' && request.method === 'GET' ? pages.get(url.pathname) : undefined;
  if (page === undefined) return new Response('not found', { status: 404, headers });
  return new Response(new Uint8Array(page.body), { headers: { ...headers, 'content-type': page.type } });
}

/** Whether an address is of the app's own pages. */
export function isOwnPage(url: string | undefined): boolean {
  return url === pageOrigin || url?.startsWith(`${pageOrigin}/`) === true;
}

/** The address of a view, as it stands in the page's own: `#/hosts/shop`, `?window=logs#/logs`. */
export function pageAddress(route: string): string {
  return `${pageOrigin}/index.html${route}`;
}
