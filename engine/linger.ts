import type { Container } from '../shared/container.ts';
import type { Clock } from './base/clock.ts';
import { DisposableStore, type Disposable } from './base/disposables.ts';

/** So that `docker restart`, a crash loop or a recreate does not flap the local port. */
export const lingerMs = 3_000;

/** Containers that stopped a moment ago. Each is forgotten after `lingerMs`, or when it runs again. */
export class Lingering implements Disposable {
  readonly #clock: Clock;
  readonly #onExpired: () => void;
  readonly #owned = new DisposableStore();
  readonly #stopped = new Map<string, { container: Container; timer: Disposable }>();
  #running = new Map<string, Container>();

  constructor(clock: Clock, onExpired: () => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  get containers(): readonly Container[] {
    return [...this.#stopped.values()].map((item) => item.container);
  }

  /** Takes note of what runs now; what ran before and does not any more begins to linger. */
  observe(running: readonly Container[]): void {
    const now = new Map(running.map((container) => [container.id, container]));
    for (const id of now.keys()) this.#forget(id);
    for (const [id, container] of this.#running) if (!now.has(id)) this.#linger(container);
    this.#running = now;
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }

  #linger(container: Container): void {
    const timer = this.#owned.add(
      this.#clock.after(lingerMs, () => {
        this.#forget(container.id);
        this.#onExpired();
      }),
    );
    this.#stopped.set(container.id, { container, timer });
  }

  #forget(id: string): void {
    const item = this.#stopped.get(id);
    if (item === undefined) return;
    this.#stopped.delete(id);
    void this.#owned.release(item.timer);
  }
}
