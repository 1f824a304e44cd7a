import type { AppState } from '../../shared/app-state.ts';

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

const shownMs = 120_000;
const points = 24;
const rateMs = 3_000;
const leastGapMs = 1_000;

/** How much went through each forward in the last two minutes: kept here, as the engine keeps totals only. Times in ms of one clock. */
export class Traffic {
  readonly #samples = new Map<string, Sample[]>();

  /** Notes what changed between two states. Without an earlier one the totals of `after` are where counting begins. */
  observe(before: AppState | undefined, after: AppState, at: number): void {
    if (before === undefined) this.#samples.clear();
    for (const host of Object.values(after.hosts)) {
      const old = before?.hosts[host.id];
      if (old === host) continue;
      for (const forward of Object.values(host.forwards)) {
        const was = old?.forwards[forward.id];
        if (was === forward || was === undefined) continue;
        const bytes = forward.bytesUp + forward.bytesDown;
        const bytesBefore = was.bytesUp + was.bytesDown;
        if (bytes > bytesBefore) this.#note(trafficKey(host.id, forward.id), { at, bytes }, bytesBefore);
      }
    }
  }

  /** Bytes per second over the last three seconds. */
  rate(key: string, now: number): number {
    const samples = this.#samples.get(key);
    if (samples === undefined) return 0;
    return (totalAt(samples, now) - totalAt(samples, now - rateMs)) / (rateMs / 1000);
  }

  /** Bytes per slot of five seconds, the oldest first; undefined where nothing went through for two minutes. */
  history(key: string, now: number): number[] | undefined {
    const samples = this.#samples.get(key);
    const last = samples?.at(-1);
    if (samples === undefined || last === undefined) return undefined;
    if (now - last.at > shownMs) return void this.#samples.delete(key);
    const slotMs = shownMs / points;
    const end = Math.ceil(now / slotMs) * slotMs; // slots stand still, so that the line moves only once in five seconds
    return Array.from({ length: points }, (_, i) => {
      const from = end - (points - i) * slotMs;
      return totalAt(samples, from + slotMs) - totalAt(samples, from);
    });
  }

  #note(key: string, sample: Sample, bytesBefore: number): void {
    const samples = this.#samples.get(key) ?? [{ at: sample.at - leastGapMs, bytes: bytesBefore }];
    this.#samples.set(key, samples);
    const previous = samples.at(-2);
    if (previous !== undefined && sample.at - previous.at < leastGapMs) samples.pop();
    samples.push(sample);
    const old = samples.findIndex(({ at }) => at > sample.at - shownMs - 10_000);
    if (old > 1) samples.splice(0, old - 1);
  }
}

export function trafficKey(hostId: string, forwardId: string): string {
  return `${hostId} ${forwardId}`;
}

/** The total at a moment: that of the last sample until then, or where counting began. */
function totalAt(samples: readonly Sample[], moment: number): number {
  const last = samples.findLast(({ at }) => at <= moment);
  return (last ?? samples[0])?.bytes ?? 0;
}
