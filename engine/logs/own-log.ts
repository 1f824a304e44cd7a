import type { LogEvent, LogLine } from '../../shared/log.ts';
import type { Clock } from '../base/clock.ts';
import type { Event } from '../base/emitter.ts';
import type { RingLimits } from './line-ring.ts';
import { Outbox } from './outbox.ts';
import { ownLine, ownName } from './own-line.ts';

/** The engine's own log. */
export interface OwnLog {
  /** Its newest lines, whole, in their order: at most so many bytes. Rejects where it can't be read. */
  readonly tail: (maxBytes: number) => Promise<readonly string[]>;
  /** Each line once it stands in the file; undefined where nothing is written any more. */
  readonly onDidWrite: Event<string> | undefined;
}

export interface OwnLogOptions {
  readonly own: OwnLog;
  /** How many of the lines that are there are told first; fewer where they are longer than 1 KiB on average. */
  readonly tail: number;
  readonly clock: Clock;
  readonly limits?: RingLimits;
}

const lineBytes = 1024;
/** What one reader may leave untaken; of more, the oldest lines are dropped, and told as a gap. */
const defaultLimits: RingLimits = { lines: 10_000, bytes: 8 * 1024 * 1024 };
const batchLines = 1_000;

/** Tells the newest lines of the log, then those that are written, without loss or doubles, until it is aborted. */
export async function* followOwnLog(options: OwnLogOptions, signal: AbortSignal): AsyncGenerator<LogEvent, never> {
  const { own, tail, clock, limits = defaultLimits } = options;
  const memory = { limitBytes: limits.bytes, usedBytes: 0 };
  const outbox = new Outbox({ limits, memory, whenSlow: 'drop', clock });
  const now = (): string => new Date(clock.now()).toISOString();
  let first: string | undefined;
  const listening = own.onDidWrite?.((json) => {
    first ??= json.trimEnd();
    outbox.push([ownLine(json, now())]);
  });
  try {
    const source = { container: ownName, containerId: ownName, colour: 0, tty: false, running: true };
    yield { kind: 'attached', source };
    const there = await own.tail(tail * lineBytes).catch(() => []); // what can't be read, nobody can be told
    const lines = toLines(before(there, first).slice(-tail), now());
    for (let at = 0; at < lines.length; at += batchLines) {
      yield { kind: 'lines', lines: lines.slice(at, at + batchLines) };
    }
    return yield* outbox.events(signal);
  } finally {
    await listening?.dispose();
  }
}

/** Without those that are heard of as well: they begin with the first that was heard. */
function before(lines: readonly string[], heard: string | undefined): readonly string[] {
  const seam = heard === undefined ? -1 : lines.lastIndexOf(heard);
  return seam === -1 ? lines : lines.slice(0, seam);
}

/** A line that does not say when it was written has the time of the one before it. */
function toLines(lines: readonly string[], now: string): LogLine[] {
  const told: LogLine[] = [];
  for (const json of lines) told.push(ownLine(json, told.at(-1)?.at ?? now));
  return told;
}
