import { expect, test } from 'vitest';
import { countTopics, lookOfEntry, shownEntries, withPush } from '../../../renderer/models/timeline-rows.ts';
import type { TimelineEntry } from '../../../shared/timeline.ts';

const lost: TimelineEntry = {
  ...{ kind: 'connection', seq: 4, at: 1_000, hostId: 'shop', state: 'reconnecting', lastedMs: 65_000 },
  reason: { code: 'connection-lost', message: 'The connection was reset.' },
};
const started: TimelineEntry = {
  kind: 'container',
  seq: 5,
  at: 2_000,
  hostId: 'edge',
  action: 'start',
  container: 'web',
};
const growing: TimelineEntry = {
  kind: 'alert',
  seq: 9,
  at: 3_000,
  state: 'raised',
  alert: 'log',
  message: 'Log grows',
};

const rows = withPush(withPush([], { entries: [lost, started], missed: 0 }), { entries: [growing], missed: 3 });
const shown = (filter: Partial<Parameters<typeof shownEntries>[1]>, hostId?: string): number[] =>
  shownEntries(rows, { hidden: new Set(), text: '', ...filter }, hostId).map(({ number }) => number);

test('entries keep their numbers, and what was missed stands before what came after it', () => {
  expect(rows.map((row) => (row.kind === 'gap' ? `${row.missed} missed` : row.words))).toEqual([
    'Connection lost: The connection was reset.',
    'Container web: start',
    '3 missed',
    'Warning: Log grows',
  ]);
});

test('a host has its own entries and those of the whole, each topic can be left out, and words are found', () => {
  expect([shown({}, 'shop'), shown({ hidden: new Set(['line', 'warnings']) }), shown({ text: 'RESET' })]).toEqual([
    [4, 8.5, 9],
    [5, 8.5],
    [4],
  ]);
  expect(shown({ text: 'edge' })).toEqual([5]);
  expect(countTopics(rows)).toEqual(
    new Map([
      ['line', 1],
      ['containers', 1],
      ['warnings', 1],
    ]),
  );
});

test('of more than is kept, the oldest entries go', () => {
  const entries = Array.from({ length: 5_010 }, (_, seq): TimelineEntry => ({ ...started, seq }));
  expect(withPush([], { entries, missed: 0 })[0]?.number).toBe(10);
});

const deployed = (outcome: string): TimelineEntry => {
  return { kind: 'deployment', seq: 1, at: 0, state: 'ended', stack: 'shop', outcome };
};
test.each([
  [lost, 'degraded'],
  [started, 'on'],
  [growing, 'degraded'],
  [deployed('deployed'), 'done'],
  [deployed('rolled-back'), 'degraded'],
  [deployed('failed'), 'error'],
  [deployed('skipped'), 'off'],
] as const)('the shape of %o', (entry, look) => {
  expect(lookOfEntry(entry)).toBe(look);
});
