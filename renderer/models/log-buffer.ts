import type { LogRow, NewRow } from './log-rows.ts';

/** The rows of one log, bounded: of more, the oldest go. Each row keeps its number for as long as it is here. */
export class LogBuffer {
  readonly #most: number;
  #rows: LogRow[] = [];
  #next = 0;

  constructor(most = 50_000) {
    this.#most = most;
  }

  /** Replaced with every change, so that it can be compared by identity. */
  get rows(): readonly LogRow[] {
    return this.#rows;
  }

  append(rows: readonly NewRow[]): void {
    const numbered = rows.map((row) => ({ ...row, number: this.#next++ }));
    const all = this.#rows.concat(numbered);
    this.#rows = all.length > this.#most ? all.slice(all.length - this.#most) : all;
  }

  /** Older rows; no more than there is room for. */
  prepend(rows: readonly NewRow[]): void {
    const room = Math.max(0, this.#most - this.#rows.length);
    const taken = room === 0 ? [] : rows.slice(-room);
    const first = this.#rows[0]?.number ?? this.#next;
    this.#rows = [...taken.map((row, i) => ({ ...row, number: first - taken.length + i })), ...this.#rows];
  }

  get isFull(): boolean {
    return this.#rows.length >= this.#most;
  }
}
