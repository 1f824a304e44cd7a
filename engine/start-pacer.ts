import type { Clock } from './base/clock.ts';
import type { Disposable } from './base/disposables.ts';

export interface StartPacerOptions {
  readonly clock: Clock;
  /** Handshakes under way at once. */
  readonly limit?: number;
  /** How long one may keep its slot: whoever hangs, or waits for a person, goes on beside the others. */
  readonly slotMs?: number;
}

/**
 * Spreads the start of many hosts, so that their handshakes, which take the processor, come one after the other, a few at
 * a time. The order is that of asking; no host can keep another from starting for longer than `slotMs`.
 */
export class StartPacer {
  readonly #clock: Clock;
  readonly #slotMs: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor({ clock, limit = 8, slotMs = 3_000 }: StartPacerOptions) {
    this.#clock = clock;
    this.#slotMs = slotMs;
    this.#free = limit;
  }

  /** Runs `start` when there is a slot, and settles as it does; rejects with the signal's reason when aborted while waiting. */
  async run<T>(start: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await this.#slot(signal);
    try {
      return await start();
    } finally {
      release();
    }
  }

  #slot(signal: AbortSignal | undefined): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const take = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve(this.#take());
      };
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(take);
      this.#next();
    });
  }

  #take(): () => void {
    this.#free -= 1;
    let held: Disposable | undefined;
    const release = (): void => {
      if (held === undefined) return;
      void held.dispose();
      held = undefined;
      this.#free += 1;
      this.#next();
    };
    held = this.#clock.after(this.#slotMs, release, { background: true });
    return release;
  }

  #next(): void {
    while (this.#free > 0 && this.#waiting.length > 0) this.#waiting.shift()?.();
  }
}
