/** What Towline is to reach: an absolute limit, or a multiple of a rival measured in the same run. */
export type Goal =
  | { readonly kind: 'at-most'; readonly limit: number }
  | { readonly kind: 'at-most-times'; readonly rival: string; readonly factor: number }
  | { readonly kind: 'at-least-times'; readonly rival: string; readonly factor: number };

/** One line of the report: samples per contender, one for each interleaved round (or one in all). */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly samples: Readonly<Record<string, readonly number[]>>;
  readonly goal?: Goal;
}

export const towline = 'towline';

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** The median of the rounds' own ratios: what disturbs one round disturbs both sides of it. */
export function ratio(figure: Figure, rival: string): number | undefined {
  const ours = figure.samples[towline] ?? [];
  const theirs = figure.samples[rival] ?? [];
  const ratios = ours.flatMap((value, round) => (theirs[round] ? [value / theirs[round]] : []));
  return ratios.length === 0 ? undefined : median(ratios);
}

/** Whether the goal is met; undefined where there is none or its rival was not measured. */
export function reached(figure: Figure): boolean | undefined {
  const { goal, samples } = figure;
  if (goal === undefined || samples[towline] === undefined) return undefined;
  if (goal.kind === 'at-most') return median(samples[towline]) <= goal.limit;
  const times = ratio(figure, goal.rival);
  if (times === undefined) return undefined;
  return goal.kind === 'at-most-times' ? times <= goal.factor : times >= goal.factor;
}
