import type { Clock } from '../../engine/base/clock.ts';
import { disposable, type Disposable } from '../../engine/base/disposables.ts';

interface Timer {
  dueMs: number;
  readonly everyMs: number | undefined;
  readonly run: () => void;
}

/** Time that stands still until it is turned by hand. */
export class TestClock implements Clock {
  readonly #timers = new Set<Timer>();
  readonly #startMs: number;
  #elapsedMs = 0;

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs;
  }

  /** Timers that wait now. */
  get pending(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  after(ms: number, run: () => void): Disposable {
    return this.#add({ dueMs: this.#elapsedMs + ms, everyMs: undefined, run });
  }

  every(ms: number, run: () => void): Disposable {
    return this.#add({ dueMs: this.#elapsedMs + ms, everyMs: ms, run });
  }

  /** Lets `ms` pass: what falls due runs in its order, with the promises that hang on it. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#elapsedMs + ms;
    for (;;) {
      await settled();
      const next = [...this.#timers].sort((one, other) => one.dueMs - other.dueMs)[0];
      if (next === undefined || next.dueMs > untilMs) break;
      this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs);
      if (next.everyMs === undefined) this.#timers.delete(next);
      else next.dueMs += next.everyMs;
      next.run();
    }
    this.#elapsedMs = untilMs;
  }

  #add(timer: Timer): Disposable {
    this.#timers.add(timer);
    return disposable(() => {
      this.#timers.delete(timer);
    });
  }
}

/** After every promise that is ready has run, and what they made ready. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
