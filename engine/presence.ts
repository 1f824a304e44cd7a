import type { Clock } from './base/clock.ts';
import type { Disposable } from './base/disposables.ts';
import type { ConnectionPresence } from './forward/reconciler.ts';
import type { ConnectionState } from './ssh/connection-state.ts';

/**
 * What the connection's state means for local ports: there; away for a moment, so that clients are held; away for longer
 * than `suspendAfterMs`, or on purpose, so that the ports stay closed until it is there again. A port that accepts but
 * leads nowhere is a lie.
 */
export class Presence implements Disposable {
  readonly #clock: Clock;
  readonly #suspendAfterMs: () => number;
  readonly #report: (presence: ConnectionPresence) => void;
  #presence: ConnectionPresence = 'suspended';
  #timer: Disposable | undefined;

  constructor(options: { clock: Clock; suspendAfterMs: () => number; report: (presence: ConnectionPresence) => void }) {
    this.#clock = options.clock;
    this.#suspendAfterMs = options.suspendAfterMs;
    this.#report = options.report;
  }

  observe(state: ConnectionState): void {
    if (state.kind === 'ready') this.#become('ready');
    else if (state.kind === 'idle') this.#become('suspended');
    else if (this.#presence === 'ready') this.#hold();
  }

  dispose(): void {
    void this.#timer?.dispose();
  }

  #hold(): void {
    this.#become('holding');
    const suspend = (): void => this.#become('suspended');
    this.#timer = this.#clock.after(this.#suspendAfterMs(), suspend, { background: true });
  }

  #become(presence: ConnectionPresence): void {
    void this.#timer?.dispose();
    if (presence === this.#presence) return;
    this.#presence = presence;
    this.#report(presence);
  }
}
