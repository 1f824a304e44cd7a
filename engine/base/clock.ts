import { disposable, type Disposable } from './disposables.ts';

/** Time, as engine code may know it. Tests pass one that is turned by hand. */
export interface Clock {
  /** Milliseconds since the epoch: for what people read. */
  now(): number;
  /** Milliseconds that never jump: for durations and deadlines. */
  monotonic(): number;
  /** Runs once after `ms`, unless disposed before. Never keeps the process alive by itself if `background`. */
  after(ms: number, run: () => void, options?: { background?: boolean }): Disposable;
  /** Runs every `ms` until disposed; in the background. */
  every(ms: number, run: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run, options) {
    const timer = setTimeout(run, ms);
    if (options?.background) timer.unref();
    return disposable(() => clearTimeout(timer));
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    timer.unref();
    return disposable(() => clearInterval(timer));
  },
};

/** Resolves after `ms`, or rejects with the signal's reason when it is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const onAbort = (): void => {
      void timer.dispose();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The promise's result, or a rejection with `error()` if it has not settled after `ms`. */
export function withTimeout<T>(clock: Clock, ms: number, promise: Promise<T>, error: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => reject(error()));
    promise.then(
      (value) => {
        void timer.dispose();
        resolve(value);
      },
      (reason: Error) => {
        void timer.dispose();
        reject(reason);
      },
    );
  });
}
