import { assertNever } from '../../shared/failure.ts';
import type { TimelineEntry } from '../../shared/timeline.ts';
import { happeningWords } from '../../shared/timeline-words.ts';
import type { GlyphName } from '../components/state-glyph.tsx';

/** What a person tells apart; the line of a host is its connection, its Docker and Docker's events. */
export const timelineTopics = {
  line: ['connection', 'docker', 'events'],
  containers: ['container'],
  forwards: ['forward'],
  deployments: ['deployment'],
  questions: ['prompt'],
  warnings: ['alert'],
} as const satisfies Record<string, readonly TimelineEntry['kind'][]>;
export type TimelineTopic = keyof typeof timelineTopics;

export const topicNames = Object.keys(timelineTopics) as readonly TimelineTopic[];

const topicOfKind = new Map<TimelineEntry['kind'], TimelineTopic>(
  topicNames.flatMap((topic) => timelineTopics[topic].map((kind) => [kind, topic] as const)),
);

export function topicOf({ kind }: TimelineEntry): TimelineTopic {
  return topicOfKind.get(kind) ?? 'line';
}

/** One row of the timeline: an entry, or that some are missing before the next. */
export type TimelineRow =
  | { readonly kind: 'entry'; readonly number: number; readonly entry: TimelineEntry; readonly words: string }
  | { readonly kind: 'gap'; readonly number: number; readonly missed: number };

export interface TimelineFilter {
  readonly hidden: ReadonlySet<TimelineTopic>;
  /** Small letters and capital ones are the same. */
  readonly text: string;
}

/** So many rows are kept; of more, the oldest go. */
const mostRows = 5_000;

/** What a push adds. Entries are told apart by their `seq`; a gap stands right before the entry it precedes. */
export function withPush(
  rows: readonly TimelineRow[],
  { entries, missed }: { readonly entries: readonly TimelineEntry[]; readonly missed: number },
): readonly TimelineRow[] {
  const first = entries[0];
  const gap: TimelineRow[] =
    missed === 0 || first === undefined ? [] : [{ kind: 'gap', number: first.seq - 0.5, missed }];
  const fresh = entries.map((entry): TimelineRow => {
    return { kind: 'entry', number: entry.seq, entry, words: happeningWords(entry) };
  });
  return [...rows, ...gap, ...fresh].slice(-mostRows);
}

export function shownEntries(
  rows: readonly TimelineRow[],
  { hidden, text }: TimelineFilter,
  hostId: string | undefined,
): readonly TimelineRow[] {
  const wanted = text.trim().toLowerCase();
  if (hidden.size === 0 && wanted === '' && hostId === undefined) return rows;
  return rows.filter((row) => {
    if (row.kind === 'gap') return wanted === '';
    const { entry, words } = row;
    if (hostId !== undefined && entry.hostId !== undefined && entry.hostId !== hostId) return false;
    if (hidden.has(topicOf(entry))) return false;
    return wanted === '' || `${entry.hostId ?? ''} ${words}`.toLowerCase().includes(wanted);
  });
}

export function countTopics(rows: readonly TimelineRow[]): ReadonlyMap<TimelineTopic, number> {
  const counts = new Map<TimelineTopic, number>();
  for (const row of rows) {
    if (row.kind === 'gap') continue;
    const topic = topicOf(row.entry);
    counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  return counts;
}

/** The shape beside an entry: that of the state which began. */
export function lookOfEntry(entry: TimelineEntry): GlyphName {
  switch (entry.kind) {
    case 'connection':
      return connectionLooks[entry.state];
    case 'docker':
      return entry.state === 'reachable' ? 'on' : 'degraded';
    case 'events':
      return entry.state === 'live' ? 'on' : 'degraded';
    case 'container':
      return entry.action === 'start' ? 'on' : 'off';
    case 'forward':
      return forwardLooks[entry.state];
    case 'deployment':
      if (entry.state !== 'ended') return 'connecting';
      return outcomeLooks.get(entry.outcome ?? '') ?? 'error';
    case 'prompt':
      return entry.state === 'asked' ? 'needs-you' : 'off';
    case 'alert':
      return entry.state === 'raised' ? 'degraded' : 'done';
    default:
      return assertNever(entry);
  }
}

type Of<K extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: K }>;

const connectionLooks: Readonly<Record<Of<'connection'>['state'], GlyphName>> = {
  idle: 'off',
  connecting: 'connecting',
  authenticating: 'connecting',
  ready: 'on',
  reconnecting: 'degraded',
  'needs-user': 'needs-you',
  failed: 'error',
};

const outcomeLooks: ReadonlyMap<string, GlyphName> = new Map([
  ['deployed', 'done'],
  ['rolled-back', 'degraded'],
  ['cancelled', 'off'],
  ['skipped', 'off'],
]);

const forwardLooks: Readonly<Record<Of<'forward'>['state'], GlyphName>> = {
  opening: 'connecting',
  listening: 'on',
  remapped: 'on',
  lingering: 'holding',
  holding: 'holding',
  suspended: 'holding',
  paused: 'paused',
  conflict: 'error',
  refused: 'error',
  unsupported: 'not-carried',
  ignored: 'off',
  closed: 'off',
};
