import type { Clock } from '../base/clock.ts';

const hourMs = 3_600_000;
const hours = 24;

/** By how much a counter has grown within the last day, to the hour. */
export class DailyGrowth {
  readonly #clock: Clock;
  /** What was added in each hour, by the hour's number. */
  readonly #added = new Map<number, number>();
  #total: number;

  constructor(clock: Clock, total: number) {
    this.#clock = clock;
    this.#total = total;
  }

  /** Takes the counter's present value, and gives the growth. */
  read(total: number): number {
    const hour = Math.floor(this.#clock.monotonic() / hourMs);
    this.#added.set(hour, (this.#added.get(hour) ?? 0) + Math.max(0, total - this.#total));
    this.#total = total;
    let growth = 0;
    for (const [number, added] of this.#added) {
      if (number <= hour - hours) this.#added.delete(number);
      else growth += added;
    }
    return growth;
  }
}
