import type { Alert, AlertThresholds } from '../../shared/alert.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import type { Logger } from '../base/logger.ts';
import type { StateStore } from '../state-store.ts';
import { DailyGrowth } from './daily-growth.ts';
import { troubles, type Certificate, type Trouble } from './trouble.ts';

export interface AlertDeskOptions {
  readonly store: StateStore;
  readonly thresholds: () => AlertThresholds;
  /** Bytes written to the log so far. */
  readonly logBytes: () => number;
  /** The certificates seen last. */
  readonly certificates: () => readonly Certificate[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** After a change of the state: a burst is looked at once. */
const lookAfterMs = 1_000;
/** Without any change: what was counted within the last hour gets less by itself. */
const lookEveryMs = 60_000;
const quietMs = 3_600_000;

/** Keeps the warnings of the state true: raises, clears, and says each at most once an hour, however often it comes and goes. */
export class AlertDesk implements Disposable {
  readonly #options: AlertDeskOptions;
  readonly #owned = new DisposableStore();
  readonly #logGrowth: DailyGrowth;
  /** When each was announced last, Unix ms; forgotten after the quiet time. */
  readonly #announced = new Map<string, number>();
  #looking: Disposable | undefined;

  constructor(options: AlertDeskOptions) {
    const { store, clock, logBytes } = options;
    this.#options = options;
    this.#logGrowth = new DailyGrowth(clock, logBytes());
    this.#owned.add(store.onDidChange(() => this.#lookSoon()));
    this.#owned.add(clock.every(lookEveryMs, () => this.#look()));
    this.#owned.defer(() => this.#looking?.dispose());
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }

  #lookSoon(): void {
    if (this.#looking !== undefined || this.#owned.closed) return;
    const look = (): void => {
      this.#looking = undefined;
      this.#look();
    };
    this.#looking = this.#options.clock.after(lookAfterMs, look, { background: true });
  }

  #look(): void {
    const { store, thresholds, logBytes, certificates, clock } = this.#options;
    const now = clock.now();
    for (const [id, at] of this.#announced) if (now - at >= quietMs) this.#announced.delete(id);
    const facts = { logBytesLastDay: this.#logGrowth.read(logBytes()), certificates: certificates() };
    const found = troubles(store.state, facts, thresholds(), now);
    const before = store.state.alerts ?? {};
    const after = Object.fromEntries(
      found.map((trouble) => [trouble.id, this.#alertOf(trouble, before[trouble.id], now)]),
    );
    for (const alert of Object.values(before)) if (!Object.hasOwn(after, alert.id)) this.#cleared(alert);
    if (same(before, after)) return;
    store.update(({ alerts: _, ...state }) => (found.length === 0 ? state : { ...state, alerts: after }));
  }

  /** One that stands is left as it is, but for its words. */
  #alertOf(trouble: Trouble, standing: Alert | undefined, now: number): Alert {
    if (standing !== undefined) {
      return standing.message === trouble.message ? standing : { ...standing, message: trouble.message };
    }
    return { ...trouble, since: now, announcedAt: this.#announced.get(trouble.id) ?? this.#announce(trouble, now) };
  }

  #announce({ id, code, hostId, message }: Trouble, now: number): number {
    this.#announced.set(id, now);
    this.#options.log.warn('alert raised', { alert: code, host: hostId, message });
    return now;
  }

  #cleared({ code, hostId, since }: Alert): void {
    this.#options.log.info('alert cleared', { alert: code, host: hostId, ms: this.#options.clock.now() - since });
  }
}

function same(before: Readonly<Record<string, Alert>>, after: Readonly<Record<string, Alert>>): boolean {
  const ids = Object.keys(after);
  return ids.length === Object.keys(before).length && ids.every((id) => before[id] === after[id]);
}
