import type { Clock } from './clock.ts';
import type { Disposable } from './disposables.ts';

/** A time limit that stands still while a person is being asked. */
export class Deadline implements Disposable {
  readonly #clock: Clock;
  readonly #expire: () => void;
  #leftMs: number;
  #startedAt = 0;
  #timer: Disposable | undefined;
  #pauses = 0;

  constructor(clock: Clock, ms: number, expire: () => void) {
    this.#clock = clock;
    this.#expire = expire;
    this.#leftMs = ms;
    this.#run();
  }

  /** Runs `ask` with the limit standing still. */
  async during<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#pauses++ === 0) this.#stop();
    try {
      return await ask();
    } finally {
      if (--this.#pauses === 0) this.#run();
    }
  }

  dispose(): void {
    this.#stop();
    this.#pauses = Number.POSITIVE_INFINITY;
  }

  #run(): void {
    this.#startedAt = this.#clock.monotonic();
    this.#timer = this.#clock.after(this.#leftMs, () => {
      this.dispose(); // what is asked later is not timed again
      this.#expire();
    });
  }

  #stop(): void {
    if (this.#timer === undefined) return;
    void this.#timer.dispose();
    this.#timer = undefined;
    this.#leftMs = Math.max(0, this.#leftMs - (this.#clock.monotonic() - this.#startedAt));
  }
}
