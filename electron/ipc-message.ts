/** The one channel between the pages and the main process. */
export const ipcChannel = 'towline:contract';

/**
 * What a page says on it. `page` tells one load of a page from the next, `way` the ways that this load has opened;
 * `took` is said of every frame, so that a page that reads slowly is sent no more than it takes.
 */
export type PageMessage =
  | { readonly kind: 'open' | 'took' | 'close'; readonly page: string; readonly way: number }
  | { readonly kind: 'frame'; readonly page: string; readonly way: number; readonly frame: string };

/** What the main process says on it. */
export type MainMessage =
  | { readonly kind: 'frame'; readonly page: string; readonly way: number; readonly frame: string }
  | { readonly kind: 'close'; readonly page: string; readonly way: number };
