import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { LogRow } from '../models/log-rows.ts';
import { patternOf, type LogQuery } from '../models/log-search.ts';
import type { Found, ToSearcher } from './search-messages.ts';

export interface LogSearch {
  readonly query: LogQuery;
  readonly ask: (query: LogQuery) => void;
  /** Numbers of the rows that match, ascending. */
  readonly found: readonly number[];
  /** Marks what matches within a row; undefined where nothing is searched. */
  readonly pattern: RegExp | undefined;
  readonly problem: string | undefined;
}

const nothing: LogQuery = { text: '', regex: false };

/** A search over all rows, in a worker that is told the rows as they come. */
export function useLogSearch(rows: readonly LogRow[]): LogSearch {
  const [query, setQuery] = useState(nothing);
  const [found, setFound] = useState<readonly number[]>([]);
  const worker = useRef<Worker>(undefined);
  const told = useRef<{ first: number; next: number }>(undefined);
  const search = useRef(0);
  useEffect(() => {
    const mine = new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' });
    mine.addEventListener('message', ({ data }: MessageEvent<Found>) => {
      if (data.search !== search.current) return;
      setFound((before) => (data.isMore ? merged(before, data.numbers) : data.numbers));
    });
    worker.current = mine;
    told.current = undefined;
    return () => mine.terminate();
  }, []);
  useEffect(() => {
    const tell = (message: ToSearcher): void => worker.current?.postMessage(message);
    told.current = tellRows(rows, told.current, tell);
    const first = rows[0]?.number;
    setFound((before) =>
      first !== undefined && (before[0] ?? first) < first ? before.filter((number) => number >= first) : before,
    );
  }, [rows]);
  const ask = useCallback((next: LogQuery) => {
    search.current += 1;
    setQuery(next);
    setFound([]);
    const message: ToSearcher = { kind: 'search', search: search.current, query: next };
    worker.current?.postMessage(message);
  }, []);
  const pattern = useMemo(() => patternOf(query, 'g'), [query]);
  const problem = query.text !== '' && pattern === undefined ? 'This is no regular expression.' : undefined;
  return { query, ask, found, pattern, problem };
}

/** Tells the worker what it has not heard of, and what has gone. */
function tellRows(
  rows: readonly LogRow[],
  told: { first: number; next: number } | undefined,
  tell: (message: ToSearcher) => void,
): { first: number; next: number } | undefined {
  const first = rows[0]?.number;
  const last = rows.at(-1)?.number;
  if (first === undefined || last === undefined || told === undefined || last < told.next - 1) {
    tell({ kind: 'reset' });
    if (first === undefined || last === undefined) return undefined;
    tell({ kind: 'texts', number: first, texts: rows.map(textOf) });
    return { first, next: last + 1 };
  }
  if (first < told.first) tell({ kind: 'texts', number: first, texts: rows.slice(0, told.first - first).map(textOf) });
  if (first > told.first) tell({ kind: 'drop', number: first });
  const fresh = rows.slice(Math.max(0, told.next - first));
  if (fresh.length > 0) tell({ kind: 'texts', number: last + 1 - fresh.length, texts: fresh.map(textOf) });
  return { first, next: last + 1 };
}

function textOf(row: LogRow): string {
  return row.kind === 'line' ? row.text : '';
}

function merged(before: readonly number[], more: readonly number[]): readonly number[] {
  const [first = 0] = more;
  return first > (before.at(-1) ?? -Infinity) ? [...before, ...more] : [...before, ...more].sort((a, b) => a - b);
}
