import type { Clock } from '../base/clock.ts';

export interface TokenBucketOptions {
  readonly clock: Clock;
  /** How many may be taken at once after a quiet time. */
  readonly burst: number;
  /** A token comes back after so long. */
  readonly refillMs: number;
}

/** So many at once, then one at a time as time passes. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  #tokens: number;
  #countedAt: number;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#countedAt = options.clock.monotonic();
  }

  /** Whole tokens there are now. */
  get tokens(): number {
    this.#refill();
    return Math.floor(this.#tokens);
  }

  /** Until there is one to take; 0 when there is. */
  get waitMs(): number {
    this.#refill();
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) * this.#options.refillMs);
  }

  /** Takes one, on credit if there is none. */
  take(): void {
    this.#refill();
    this.#tokens -= 1;
  }

  #refill(): void {
    const { clock, burst, refillMs } = this.#options;
    const now = clock.monotonic();
    this.#tokens = Math.min(burst, this.#tokens + (now - this.#countedAt) / refillMs);
    this.#countedAt = now;
  }
}
