import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../engine/base/clock.ts';
import { DisposableStore, type Disposable } from '../engine/base/disposables.ts';
import type { Logger } from '../engine/base/logger.ts';

/** How often the loop is asked; what it answers late is the delay. More often would itself be work. */
const resolutionMs = 100;
const reportMs = 60_000;
/** What a person begins to feel. */
const longMs = 50;

/** How late the main process got round to things in the last minute, ms. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Measures the event loop and tells it once a minute; a minute with a long delay is logged. */
export function measureLoopDelay(clock: Clock, log: Logger, tell: (delay: LoopDelay) => void): Disposable {
  const owned = new DisposableStore();
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  owned.defer(() => void histogram.disable());
  const late = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e6 - resolutionMs));
  owned.add(
    clock.every(reportMs, () => {
      const delay = { p99Ms: late(histogram.percentile(99)), maxMs: late(histogram.max) };
      histogram.reset();
      if (delay.maxMs > longMs) log.warn('the main process was busy', delay);
      tell(delay);
    }),
  );
  return owned;
}
