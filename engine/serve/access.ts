import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { openPaths, scrapedPaths } from './watching.ts';

/** What the web door does with a request, before it looks at what is asked for. */
export type Access =
  | { readonly kind: 'granted' }
  /** The token was in the address: it moves into a cookie. */
  | { readonly kind: 'hand-over' }
  | { readonly kind: 'denied'; readonly status: 401 | 403; readonly why: string };

/** What proves who asks: the door's own token, and the one of scrapers, which opens figures only. */
export interface Tokens {
  readonly door: string;
  readonly scrape: string | undefined;
}

/**
 * Decides by three facts. `Host` must be ours, or a foreign name was made to point here (DNS rebinding). `Origin`,
 * where given, must be ours, or another site's page is asking; a WebSocket always has to give it. And the token,
 * as a cookie, in the address of the page, or as a bearer of figures. `/healthz` and `/readyz` need none.
 */
export function decideAccess(request: IncomingMessage, url: URL, port: number, tokens: Tokens): Access {
  const names = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin, cookie, authorization } = request.headers;
  if (host === undefined || !names.includes(host)) return { kind: 'denied', status: 403, why: 'unknown Host' };
  const sameOrigin = origin !== undefined && origin === `http://${host}`;
  if (origin !== undefined && !sameOrigin) return { kind: 'denied', status: 403, why: 'foreign Origin' };
  if (request.headers.upgrade !== undefined && !sameOrigin) return { kind: 'denied', status: 403, why: 'no Origin' };
  if (openPaths.has(url.pathname)) return { kind: 'granted' };
  if (sameToken(cookieValue(cookie, cookieName(port)), tokens.door)) return { kind: 'granted' };
  if (url.pathname === '/' && sameToken(url.searchParams.get('token'), tokens.door)) return { kind: 'hand-over' };
  if (scrapedPaths.has(url.pathname) && isBearer(authorization, tokens)) return { kind: 'granted' };
  return { kind: 'denied', status: 401, why: 'no token' };
}

/** Cookies do not know ports: two engines' doors must not take each other's away. */
export function cookieName(port: number): string {
  return `towline-${port}`;
}

function cookieValue(header: string | undefined, name: string): string | null {
  const pair = (header ?? '').split(';').find((part) => part.trim().startsWith(`${name}=`));
  return pair === undefined ? null : pair.trim().slice(name.length + 1);
}

function isBearer(authorization: string | undefined, { door, scrape }: Tokens): boolean {
  const given = /^Bearer +([\w-]+)$/i.exec(authorization ?? '')?.[1] ?? null;
  return sameToken(given, door) || (scrape !== undefined && sameToken(given, scrape));
}

function sameToken(given: string | null, token: string): boolean {
  if (given === null) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
