import type { Family, Labels, Sample } from './family.ts';

interface Series {
  readonly labels: Labels;
  /** One per bound, not cumulative; the last is for what is beyond all bounds. */
  readonly counts: number[];
  sum: number;
}

/** How long things took, in seconds, by labels: the one kind of figure that the state does not hold. */
export class DurationHistogram {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  /** `bounds` in seconds, growing. */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
  }

  observe(labels: Labels, durationMs: number): void {
    const key = JSON.stringify(labels);
    const series = this.#series.get(key) ?? { labels, counts: Array<number>(this.#bounds.length + 1).fill(0), sum: 0 };
    this.#series.set(key, series);
    const value = durationMs / 1000;
    const at = this.#bounds.findIndex((bound) => value <= bound);
    const bucket = at < 0 ? this.#bounds.length : at;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += value;
  }

  /** The series that are still wanted; the others are forgotten. */
  family(wanted: (labels: Labels) => boolean = () => true): Family {
    for (const [key, { labels }] of this.#series) if (!wanted(labels)) this.#series.delete(key);
    const samples = [...this.#series.values()].flatMap((series) => this.#samples(series));
    return { name: this.#name, help: this.#help, type: 'histogram', samples };
  }

  #samples({ labels, counts, sum }: Series): Sample[] {
    let total = 0;
    const buckets = counts.map((count, index): Sample => {
      total += count;
      const bound = this.#bounds[index];
      return {
        suffix: '_bucket',
        labels: { ...labels, le: bound === undefined ? '+Inf' : String(bound) },
        value: total,
      };
    });
    return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: total }];
  }
}
