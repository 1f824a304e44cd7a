import type { LogQuery } from '../models/log-search.ts';

/** What the page tells the worker that searches. `search` has a number, so that a late answer is known as such. */
export type ToSearcher =
  | { readonly kind: 'reset' }
  | { readonly kind: 'texts'; readonly number: number; readonly texts: readonly string[] }
  | { readonly kind: 'drop'; readonly number: number }
  | { readonly kind: 'search'; readonly search: number; readonly query: LogQuery };

/** Rows that match: all of them, or those among rows that have come since. */
export interface Found {
  readonly search: number;
  readonly numbers: readonly number[];
  readonly isMore: boolean;
}
