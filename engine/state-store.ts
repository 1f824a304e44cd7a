import type { AppState } from '../shared/app-state.ts';
import type { StatePush } from '../shared/contract.ts';
import type { HostView } from '../shared/host.ts';
import { diffTrees } from '../shared/patch.ts';
import type { Clock } from './base/clock.ts';
import { Emitter, type Event } from './base/emitter.ts';

/** A subscriber hears at most ten times a second. */
const pushIntervalMs = 100;

/**
 * Sole owner of the engine's public state: an immutable tree, replaced as it changes, so that an unchanged part
 * keeps its identity and costs a subscriber nothing.
 */
export class StateStore {
  readonly #clock: Clock;
  readonly #changed = new Emitter<AppState>();
  #state: AppState;
  #revision = 1;

  readonly onDidChange: Event<AppState> = this.#changed.event;

  constructor(initial: AppState, clock: Clock) {
    this.#state = initial;
    this.#clock = clock;
  }

  get state(): AppState {
    return this.#state;
  }

  /** Grows by one with every published state. */
  get revision(): number {
    return this.#revision;
  }

  /** Publishes what `change` makes of the state; the same object back means that nothing changed. */
  update(change: (state: AppState) => AppState): void {
    const next = change(this.#state);
    if (next === this.#state) return;
    this.#state = next;
    this.#revision += 1;
    this.#changed.fire(next);
  }

  /** The same for one host; a host that is not there (any more) is left alone. */
  updateHost(hostId: string, change: (host: HostView) => HostView): void {
    this.update((state) => {
      if (!Object.hasOwn(state.hosts, hostId)) return state;
      const host = state.hosts[hostId] as HostView;
      const next = change(host);
      return next === host ? state : { ...state, hosts: { ...state.hosts, [hostId]: next } };
    });
  }

  /**
   * The state for one subscriber: whole at first, then merged patches. The first change after a quiet time is passed
   * on at once, the last of a burst always. Patches are worked out when the subscriber asks for them: one that reads
   * slowly gets fewer and larger ones, nothing piles up, and without subscribers there is no work. Ends with `signal`.
   */
  async *watch(signal: AbortSignal): AsyncGenerator<StatePush, void> {
    let sent = this.#state;
    let seen = this.#revision;
    let since = seen;
    yield { kind: 'snapshot', revision: seen, state: sent };
    let notBefore = this.#clock.monotonic();
    while (!signal.aborted) {
      await this.#changedSince(seen, signal);
      await this.#reached(notBefore, signal);
      if (signal.aborted) return;
      const patches = diffTrees(sent, this.#state);
      sent = this.#state;
      seen = this.#revision;
      if (patches.length === 0) continue;
      notBefore = this.#clock.monotonic() + pushIntervalMs;
      yield { kind: 'patches', since, revision: seen, patches };
      since = seen;
    }
  }

  #changedSince(revision: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (this.#revision !== revision || signal.aborted) return resolve();
      const done = (): void => {
        void subscription.dispose();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const subscription = this.#changed.event(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #reached(moment: number, signal: AbortSignal): Promise<void> {
    const waitMs = moment - this.#clock.monotonic();
    return new Promise((resolve) => {
      if (waitMs <= 0 || signal.aborted) return resolve();
      const done = (): void => {
        void timer.dispose();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = this.#clock.after(waitMs, done, { background: true });
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
