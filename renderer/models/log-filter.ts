import type { LogLine } from '../../shared/log.ts';
import type { LogRow } from './log-rows.ts';

/** What of a log is shown. */
export interface LogFilter {
  /** Services, or containers without one, that are left out. */
  readonly hidden: ReadonlySet<string>;
  readonly level: 'all' | 'warn' | 'error';
  readonly stream: 'all' | LogLine['stream'];
  /** Numbers of the rows that a search has found, where only those are wanted. */
  readonly only: ReadonlySet<number> | undefined;
}

export function serviceOf({
  service,
  container,
}: {
  readonly service?: string | undefined;
  readonly container: string;
}): string {
  return service ?? container;
}

/** The rows that are shown. What happened between lines is left out where only found lines are wanted. */
export function shownRows(rows: readonly LogRow[], { hidden, level, stream, only }: LogFilter): readonly LogRow[] {
  if (hidden.size === 0 && level === 'all' && stream === 'all' && only === undefined) return rows;
  return rows.filter((row) => {
    if (only !== undefined && !only.has(row.number)) return false;
    if (row.kind === 'break') return true;
    if (stream !== 'all' && row.line.stream !== stream) return false;
    if (level === 'error' && row.level !== 'error') return false;
    if (level === 'warn' && row.level !== 'error' && row.level !== 'warn') return false;
    return !hidden.has(serviceOf(row.line));
  });
}

/** The log as text, or as one JSON document a line. */
export function exported(rows: readonly LogRow[], form: 'text' | 'ndjson'): string {
  return rows
    .flatMap((row) => (row.kind === 'line' ? [row] : []))
    .map(({ line, text }) =>
      form === 'ndjson' ? `${JSON.stringify(line)}\n` : `${line.at} ${serviceOf(line)} ${text}\n`,
    )
    .join('');
}
