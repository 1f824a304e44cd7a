export interface BackoffOptions {
  /** Delays in ms, in order; the last one repeats. */
  readonly delaysMs: readonly number[];
  /** Part of each delay that is random, 0 … 1: 0.5 gives between half the delay and all of it. */
  readonly jitter: number;
  readonly random?: () => number;
}

/** A table of growing delays. `next` takes the following one, `reset` starts over. */
export class Backoff {
  readonly #options: BackoffOptions;
  #attempt = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** How many delays have been taken since the last reset. */
  get attempt(): number {
    return this.#attempt;
  }

  next(): number {
    const { delaysMs, jitter, random = Math.random } = this.#options;
    const delay = delaysMs[Math.min(this.#attempt, delaysMs.length - 1)] ?? 0;
    this.#attempt += 1;
    return Math.round(delay * (1 - jitter * random()));
  }

  reset(): void {
    this.#attempt = 0;
  }
}
