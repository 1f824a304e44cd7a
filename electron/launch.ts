/** What a start of the app asks for, the first one or a later one that found it running. */
export interface Launch {
  /** Without a window: the start at login. */
  readonly hidden: boolean;
  /** With the pretend host that lives inside the engine. */
  readonly demo: boolean;
  /** The view that a `towline://` link names: `#/hosts/shop`. */
  readonly route: string | undefined;
}

/** Reads a command line; Electron's and Chromium's own arguments are none of ours. */
export function readLaunch(args: readonly string[]): Launch {
  return {
    hidden: args.includes('--hidden'),
    demo: args.includes('--demo'),
    route: args.map(routeOfLink).findLast((route) => route !== undefined),
  };
}

/**
 * The view that a link leads to: `towline://hosts/shop`. Any page on the web can make one, so a link shows something and
 * does nothing. Undefined for what is no such link.
 */
export function routeOfLink(link: string): string | undefined {
  const path = /^towline:\/*([a-z]{1,20}(?:\/[A-Za-z0-9._%-]{1,200})?)\/?$/.exec(link)?.[1];
  return path === undefined ? undefined : `#/${path}`;
}
