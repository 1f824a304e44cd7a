import { systemClock } from '../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';
import type { AppState } from '../shared/app-state.ts';
import { LiveScreen } from './live-screen.ts';
import type { Shell } from './shell.ts';
import { tableLines } from './table.ts';

const redrawMs = 100;

/** The state as a table in the terminal, redrawn when it reads differently, and quiet otherwise. */
export class LiveTable implements Disposable {
  readonly #shell: Shell;
  readonly #screen: LiveScreen;
  readonly #owned = new DisposableStore();
  #state: AppState | undefined;
  #waiting = false;
  #held = false;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#screen = new LiveScreen(shell.stdout);
    const redraw = (): void => this.#draw();
    shell.stdout.on('resize', redraw);
    this.#owned.defer(() => void shell.stdout.off('resize', redraw));
    this.#owned.add(
      systemClock.every(1_000, () => {
        const counting = Object.values(this.#state?.hosts ?? {}).some((host) => host.nextRetryAt !== undefined);
        if (counting) this.#draw();
      }),
    );
  }

  show(state: AppState): void {
    const first = this.#state === undefined;
    this.#state = state;
    if (first) return this.#draw();
    if (this.#waiting) return;
    this.#waiting = true;
    this.#owned.add(
      systemClock.after(redrawMs, () => {
        this.#waiting = false;
        this.#draw();
      }),
    );
  }

  /** While something else uses the terminal, below what is drawn, nothing is. */
  hold(): void {
    this.#held = true;
    this.#screen.release();
  }

  resume(): void {
    this.#held = false;
    this.#draw();
  }

  /** Draws the last state and leaves it on the terminal. */
  async dispose(): Promise<void> {
    this.#draw();
    await this.#owned.dispose();
  }

  #draw(): void {
    if (this.#state === undefined || this.#held) return;
    const { width, height } = this.#screen;
    this.#screen.draw(tableLines(this.#state, { paint: this.#shell.paint, width, height, now: systemClock.now() }));
  }
}
