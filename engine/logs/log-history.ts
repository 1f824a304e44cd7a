import type { LogLine } from '../../shared/log.ts';
import { isUnreadable } from './log-failures.ts';
import type { LogCursor } from './cursor.ts';
import { LineRing } from './line-ring.ts';
import type { LogDaemon, LoggedContainer } from './log-host.ts';
import { mergedByTime } from './merge.ts';
import { readLog } from './read-log.ts';
import { linesOf } from './sources.ts';

/** A container, and how far its log has been read. */
export interface ReadContainer {
  readonly container: LoggedContainer;
  readonly cursor: LogCursor;
}

export interface HistoryBounds {
  /** Unix seconds. */
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** The last lines of all together; undefined for all there are. */
  readonly tail: number | undefined;
  /** Lines will be followed: what a running container has not ended yet comes later. */
  readonly goesOn: boolean;
  /** Without it, a log that can't be read is an error. */
  readonly leaveOut: ((container: LoggedContainer, error: unknown) => void) | undefined;
}

/** Histories that can't be merged while they come are held in memory: the newest lines of each. */
const heldLimits = { lines: 50_000, bytes: 32 * 1024 * 1024 };

/** What the containers have logged, merged in the order of time, in batches; the cursors are moved on. No faster than it is taken. */
export async function* history(
  daemon: LogDaemon,
  containers: readonly ReadContainer[],
  bounds: HistoryBounds,
  signal: AbortSignal,
): AsyncGenerator<LogLine[], void> {
  const each = containers.map((container) => oneHistory(daemon, container, bounds, signal));
  const [only, ...more] = each;
  if (only === undefined) return;
  if (more.length === 0) return yield* only;
  const all = mergedByTime(daemon.keepsStreams ? each : await oneByOne(each));
  if (bounds.tail === undefined) return yield* all;
  yield* lastOf(all, bounds.tail);
}

async function* oneHistory(
  daemon: LogDaemon,
  { container, cursor }: ReadContainer,
  { since, until, tail, goesOn, leaveOut }: HistoryBounds,
  signal: AbortSignal,
): AsyncGenerator<LogLine[], void> {
  const least = tail === 0 ? 1 : tail; // one line tells from where to follow
  const attach = { follow: false, since, until, tail: least, leaveOpenLine: goesOn && container.running };
  try {
    for await (const lines of readLog(daemon, container, attach, signal)) {
      const fresh = cursor.admit(lines);
      if (fresh.length > 0 && tail !== 0) yield linesOf(container, fresh);
    }
  } catch (error) {
    if (leaveOut === undefined || !isUnreadable(error)) throw error;
    leaveOut(container, error);
  }
}

async function* lastOf(batches: AsyncIterable<readonly LogLine[]>, tail: number): AsyncGenerator<LogLine[], void> {
  const held = new LineRing<LogLine>({ ...heldLimits, lines: Math.min(tail, heldLimits.lines) }, unshared());
  for await (const lines of batches) held.push(lines);
  yield* drained(held);
}

/** Each stream would cost a session: one is read after the other. */
async function oneByOne(histories: readonly AsyncIterable<LogLine[], void>[]): Promise<Iterable<LogLine[], void>[]> {
  const rings: LineRing<LogLine>[] = [];
  for (const batches of histories) {
    const ring = new LineRing<LogLine>(heldLimits, unshared());
    for await (const lines of batches) ring.push(lines);
    rings.push(ring);
  }
  return rings.map(drained);
}

function* drained(ring: LineRing<LogLine>): Generator<LogLine[], void> {
  while (ring.length > 0) yield ring.take(1_000, Infinity);
}

function unshared(): { limitBytes: number; usedBytes: number } {
  return { limitBytes: Infinity, usedBytes: 0 };
}
