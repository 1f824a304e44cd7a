import type { AppState } from '../shared/app-state.ts';
import type { Clock } from '../engine/base/clock.ts';
import { disposable, type Disposable } from '../engine/base/disposables.ts';
import { lookForNotices, noMemory, type Notice } from './notification-model.ts';

export interface NotificationWatchOptions {
  readonly clock: Clock;
  readonly state: () => AppState;
  /** Whether the user has one of the app's windows in front of him. */
  readonly isWatched: () => boolean;
  readonly show: (notice: Notice) => void;
}

/** Shows what is to be told, when its time has come. */
export class NotificationWatch implements Disposable {
  readonly #options: NotificationWatchOptions;
  #memory = noMemory;
  #resumedAt: number | undefined;
  #again: Disposable = disposable(() => undefined);
  #disposed = false;

  constructor(options: NotificationWatchOptions) {
    this.#options = options;
  }

  /** To be called after every change of the state. */
  look(): void {
    if (this.#disposed) return;
    const { clock, state, isWatched, show } = this.#options;
    const now = clock.now();
    const looked = lookForNotices(this.#memory, {
      ...{ state: state(), now, watched: isWatched() },
      ...(this.#resumedAt === undefined ? {} : { resumedAt: this.#resumedAt }),
    });
    this.#memory = looked.memory;
    void this.#again.dispose();
    if (looked.lookAgainAt !== undefined) {
      this.#again = clock.after(looked.lookAgainAt - now, () => this.look(), { background: true });
    }
    for (const notice of looked.notices) show(notice);
  }

  /** The machine woke up. */
  didResume(): void {
    this.#resumedAt = this.#options.clock.now();
    this.look();
  }

  dispose(): void {
    this.#disposed = true;
    void this.#again.dispose();
  }
}
