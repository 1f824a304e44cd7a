import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposables.ts';

/** What the process uses. Delays in seconds. */
export interface ProcessFigures {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** User and system, since the process began. */
  readonly cpuSeconds: number;
  /** By how much timers were late since the last reading; absent in the first. */
  readonly eventLoopDelay: { readonly p50: number; readonly p99: number; readonly max: number } | undefined;
}

/** How often the loop is looked at: that often the process wakes up for it. */
const resolutionMs = 20;
/** Whoever reads asks again within this time, or is taken to have left. */
const forgottenMs = 300_000;

/** Reads the process' figures. Timers are watched only between readings that follow one another, because that costs wake-ups. */
export class ProcessWatch implements Disposable {
  readonly #clock: Clock;
  #delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
  #forgetting: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  read(): ProcessFigures {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return {
      rssBytes: rss,
      heapBytes: heapUsed,
      cpuSeconds: (user + system) / 1_000_000,
      eventLoopDelay: this.#delay(),
    };
  }

  dispose(): void {
    void this.#forgetting?.dispose();
    this.#delays?.disable();
    this.#delays = undefined;
  }

  #delay(): ProcessFigures['eventLoopDelay'] {
    void this.#forgetting?.dispose();
    this.#forgetting = this.#clock.after(forgottenMs, () => this.dispose(), { background: true });
    const delays = this.#delays;
    if (delays === undefined) {
      this.#delays = monitorEventLoopDelay({ resolution: resolutionMs });
      this.#delays.enable();
      return undefined;
    }
    if (delays.count === 0) return undefined;
    const seen = { p50: late(delays.percentile(50)), p99: late(delays.percentile(99)), max: late(delays.max) };
    delays.reset();
    return seen;
  }
}

/** What is measured is from tick to tick, in nanoseconds. */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - resolutionMs / 1000);
}
