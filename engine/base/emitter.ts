import { disposable, type Disposable } from './disposables.ts';

/** Subscribes to facts; the result ends the subscription. Events announce, they never command. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The owner fires, others listen. A listener that throws does not keep the fact from the others. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    return disposable(() => {
      this.#listeners.delete(own);
    });
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue; // ended by one that was told before it
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
