export type Labels = Readonly<Record<string, string>>;

/** One figure. `suffix` makes the sample of a histogram: `_bucket`, `_sum`, `_count`. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly suffix?: string;
}

/** A metric as Prometheus means it: one name, one meaning, a sample per set of labels. Units are seconds and bytes. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly samples: readonly Sample[];
}

/** What one thing adds to a family; nothing where the figure is not known. */
export type Reading = readonly [labels: Labels, value: number | undefined];

/** Something that goes up and down. */
export function gauge(name: string, help: string, readings: readonly Reading[]): Family {
  return { name, help, type: 'gauge', samples: known(readings) };
}

/** Something that only grows while the engine runs; its name ends with `_total`. */
export function counter(name: string, help: string, readings: readonly Reading[]): Family {
  return { name, help, type: 'counter', samples: known(readings) };
}

export function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function known(readings: readonly Reading[]): Sample[] {
  return readings.flatMap(([labels, value]) => (value === undefined ? [] : [{ labels, value }]));
}
