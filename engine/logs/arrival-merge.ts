import type { LogLine } from '../../shared/log.ts';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';

/** A line waits for an earlier one of another container for once to twice this time. */
const windowMs = 100;
/** So many lines wait at most. */
const maxWaiting = 10_000;

/** Brings the lines of several containers, as they come, into the order of time; what comes too late for that comes as it comes. */
export class ArrivalMerge implements Disposable {
  readonly #clock: Clock;
  readonly #release: (lines: LogLine[]) => void;
  /** Those that have waited for a window, and those that came since. */
  #older: LogLine[] = [];
  #newer: LogLine[] = [];
  #timer: Disposable | undefined;

  constructor(clock: Clock, release: (lines: LogLine[]) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  push(lines: readonly LogLine[]): void {
    for (const line of lines) this.#newer.push(line);
    if (this.#older.length + this.#newer.length > maxWaiting) return this.flush();
    this.#timer ??= this.#clock.after(windowMs, () => this.#turn(), { background: true });
  }

  /** Nothing waits any longer. */
  flush(): void {
    const all = [...this.#older, ...this.#newer];
    this.#older = [];
    this.#newer = [];
    this.#let(all);
  }

  dispose(): void {
    void this.#timer?.dispose();
  }

  #turn(): void {
    const newest = this.#older.reduce((last, { at }) => (at > last ? at : last), '');
    const due = [...this.#older, ...this.#newer.filter(({ at }) => at <= newest)];
    this.#older = this.#newer.filter(({ at }) => at > newest);
    this.#newer = [];
    this.#timer = undefined;
    if (this.#older.length > 0) this.#timer = this.#clock.after(windowMs, () => this.#turn(), { background: true });
    this.#let(due);
  }

  #let(lines: LogLine[]): void {
    if (lines.length > 0) this.#release(lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)));
  }
}
