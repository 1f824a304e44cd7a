import type { TimelineEntry } from '../../shared/timeline.ts';
import type { Clock } from '../base/clock.ts';
import { DisposableStore, type Disposable } from '../base/disposables.ts';
import type { Event } from '../base/emitter.ts';
import type { StateStore } from '../state-store.ts';
import { commandFamilies } from './command-families.ts';
import { DurationHistogram } from './duration-histogram.ts';
import { engineFamilies } from './engine-families.ts';
import { exposition } from './exposition.ts';
import type { Family } from './family.ts';
import { forwardFamilies } from './forward-families.ts';
import { hostFamilies } from './host-families.ts';
import { ProcessWatch } from './process-watch.ts';

export interface MetricsOptions {
  readonly store: StateStore;
  /** Where durations are heard of. */
  readonly onDidHappen: Event<TimelineEntry>;
  /** Bytes written to the log, where it is a file. */
  readonly logBytes?: () => number;
  readonly clock: Clock;
}

const openingBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const deploymentBounds = [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];

/** Everything that is measured: a function of the public state and of the process, but for how long things took. */
export class Metrics implements Disposable {
  readonly #options: MetricsOptions;
  readonly #owned = new DisposableStore();
  readonly #process: ProcessWatch;
  readonly #openings = new DurationHistogram(
    'towline_forward_opening_seconds',
    "From a container's start being heard of to its forward accepting.",
    openingBounds,
  );
  readonly #deployments = new DurationHistogram(
    'towline_deployment_duration_seconds',
    'How long deployments, rollbacks and verifications took, by how they ended.',
    deploymentBounds,
  );

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#process = this.#owned.add(new ProcessWatch(options.clock));
    this.#owned.add(options.onDidHappen((entry) => this.#observe(entry)));
  }

  families(): Family[] {
    const { store, logBytes, clock } = this.#options;
    const { state } = store;
    const hosts = Object.values(state.hosts);
    return [
      ...engineFamilies(state, this.#process.read(), logBytes?.()),
      ...hostFamilies(hosts, clock.now()),
      ...commandFamilies(hosts),
      ...forwardFamilies(hosts),
      this.#openings.family(({ host = '' }) => Object.hasOwn(state.hosts, host)),
      this.#deployments.family(),
    ];
  }

  text(): Promise<string> {
    return exposition(this.families());
  }

  dispose(): Promise<void> {
    return this.#owned.dispose();
  }

  #observe(entry: TimelineEntry): void {
    if (entry.kind === 'forward' && entry.openedMs !== undefined && entry.hostId !== undefined) {
      this.#openings.observe({ host: entry.hostId }, entry.openedMs);
    }
    if (entry.kind === 'deployment' && entry.state === 'ended' && entry.lastedMs !== undefined) {
      const { action = '', outcome = '' } = entry;
      this.#deployments.observe({ action, outcome }, entry.lastedMs);
    }
  }
}
