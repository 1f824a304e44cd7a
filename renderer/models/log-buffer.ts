import { serviceOf } from './log-filter.ts';
import type { LogRow, NewRow } from './log-rows.ts';

export interface LogCounts {
  readonly services: ReadonlyMap<string, number>;
  readonly warn: number;
  readonly error: number;
}

/** The rows of one log, bounded: of more, the oldest go. Each row keeps its number for as long as it is here. */
export class LogBuffer {
  readonly #most: number;
  readonly #services = new Map<string, number>();
  #warn = 0;
  #error = 0;
  #rows: LogRow[] = [];
  #shown: readonly LogRow[] | undefined;
  #next = 0;

  constructor(most = 200_000) {
    this.#most = most;
  }

  /** Replaced after every change, so that it can be compared by identity; made when it is asked for. */
  get rows(): readonly LogRow[] {
    return (this.#shown ??= this.#rows.slice());
  }

  /** Lines by service and by level, as they are now: kept up with the rows, as counting all anew takes too long. */
  get counts(): LogCounts {
    return { services: new Map(this.#services), warn: this.#warn, error: this.#error };
  }

  append(rows: readonly NewRow[]): void {
    const numbered = rows.map((row) => ({ ...row, number: this.#next++ }));
    this.#count(numbered, 1);
    for (const row of numbered) this.#rows.push(row);
    const gone = Math.max(0, this.#rows.length - this.#most);
    if (gone > 0) this.#count(this.#rows.splice(0, gone), -1);
    this.#shown = undefined;
  }

  /** Older rows; no more than there is room for. */
  prepend(rows: readonly NewRow[]): void {
    const room = Math.max(0, this.#most - this.#rows.length);
    const taken = room === 0 ? [] : rows.slice(-room);
    const first = this.#rows[0]?.number ?? this.#next;
    const numbered = taken.map((row, i) => ({ ...row, number: first - taken.length + i }));
    this.#count(numbered, 1);
    this.#rows = [...numbered, ...this.#rows];
    this.#shown = undefined;
  }

  get isFull(): boolean {
    return this.#rows.length >= this.#most;
  }

  #count(rows: readonly LogRow[], by: 1 | -1): void {
    for (const row of rows) {
      if (row.kind === 'break') continue;
      const service = serviceOf(row.line);
      this.#services.set(service, (this.#services.get(service) ?? 0) + by);
      if (row.level === 'error') this.#error += by;
      if (row.level === 'warn' || row.level === 'error') this.#warn += by;
    }
  }
}
