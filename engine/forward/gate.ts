import type { Clock } from '../base/clock.ts';

/** Something that is sometimes there: clients wait for it, up to a limit, instead of being refused. */
export class Gate {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #open: boolean;

  constructor(clock: Clock, open: boolean) {
    this.#clock = clock;
    this.#open = open;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  set(open: boolean): void {
    this.#open = open;
    if (open) for (const admit of [...this.#waiting]) admit();
  }

  /** Resolves when open; rejects after `ms`, or at once when the signal is aborted. */
  async passed(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#open) return;
    await new Promise<void>((resolve, reject) => {
      const leave = (settle: () => void): void => {
        this.#waiting.delete(admit);
        void timer.dispose();
        signal.removeEventListener('abort', giveUp);
        settle();
      };
      const admit = (): void => leave(resolve);
      const giveUp = (): void => leave(() => reject(signal.reason as Error));
      const timer = this.#clock.after(ms, () => leave(() => reject(new Error(`not there after ${ms} ms`))));
      this.#waiting.add(admit);
      signal.addEventListener('abort', giveUp);
    });
  }
}
