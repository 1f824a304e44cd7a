import { median, ratio, reached, towline, type Figure, type Goal } from './figure.ts';

/** The figures as lines of text: what, ours, the rivals, the ratio that the goal speaks of, the goal, the verdict. */
export function table(figures: readonly Figure[]): string {
  const rivals = [...new Set(figures.flatMap((figure) => Object.keys(figure.samples)))].filter(
    (name) => name !== towline,
  );
  const head = ['', 'unit', towline, ...rivals, 'ratio', 'goal', ''];
  const rows = figures.map((figure) => [
    figure.what,
    figure.unit,
    shown(figure.samples[towline]),
    ...rivals.map((name) => shown(figure.samples[name])),
    shownRatio(figure),
    figure.goal === undefined ? '' : goalText(figure.goal),
    mark(reached(figure)),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

function shown(samples: readonly number[] | undefined): string {
  if (samples === undefined || samples.length === 0) return '';
  const value = median(samples);
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

function shownRatio(figure: Figure): string {
  const rival = figure.goal !== undefined && 'rival' in figure.goal ? figure.goal.rival : 'ssh -N -L';
  return ratio(figure, rival)?.toFixed(2) ?? '';
}

function goalText(goal: Goal): string {
  switch (goal.kind) {
    case 'at-most':
      return `≤ ${goal.limit}`;
    case 'at-most-times':
      return `≤ ${goal.factor} × ${goal.rival}`;
    case 'at-least-times':
      return `≥ ${goal.factor} × ${goal.rival}`;
  }
}

function mark(verdict: boolean | undefined): string {
  if (verdict === undefined) return '';
  return verdict ? '✔' : '✘';
}
