import type { Clock } from './clock.ts';

const minuteMs = 60_000;

/** Counts occurrences: all of them, and those of the last hour, to the minute, in constant memory. */
export class HourlyCounter {
  readonly #clock: Clock;
  readonly #minutes = new Map<number, number>();
  #total = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get total(): number {
    return this.#total;
  }

  get lastHour(): number {
    this.#forget();
    let sum = 0;
    for (const count of this.#minutes.values()) sum += count;
    return sum;
  }

  add(): void {
    this.#forget();
    const minute = this.#minute();
    this.#total += 1;
    this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
  }

  #minute(): number {
    return Math.floor(this.#clock.monotonic() / minuteMs);
  }

  #forget(): void {
    const oldest = this.#minute() - 59;
    for (const minute of this.#minutes.keys()) if (minute < oldest) this.#minutes.delete(minute);
  }
}
