import type { LogPage, LogReadRequest } from '../../shared/log.ts';
import type { DecodedLine } from './line-decoder.ts';
import { LineRing } from './line-ring.ts';
import type { LogDaemon, LoggedContainer } from './log-host.ts';
import { justBefore, secondsBefore, unixSeconds, utcNano } from './log-time.ts';
import { readLog } from './read-log.ts';
import { linesOf, Palette } from './sources.ts';

/** Which lines of one container: the last `tail` within the bounds, both inclusive. */
export interface PageBounds {
  readonly tail: number;
  readonly since: string | undefined;
  readonly until: string | undefined;
}

/** How much more than a page is asked for first, by how much each further question reaches farther, and how far that goes. */
const firstGrowth = 4;
const growth = 8;
const maxTail = 4_000_000;
const firstWindowS = 2;
/** A page holds no more than about this, however long its lines are. */
const maxPageBytes = 16 * 1024 * 1024;

/** Some last lines, and whether there are older ones. */
interface Part<T> {
  readonly lines: T[];
  readonly more: boolean;
}

/** One page over all these containers, in the order of time. It begins with all lines of its first moment, so that `before` is exact. */
export async function readPage(
  daemon: LogDaemon,
  containers: readonly LoggedContainer[],
  request: LogReadRequest,
  signal: AbortSignal,
): Promise<LogPage> {
  const palette = new Palette(containers);
  const bounds = { tail: request.tail, ...boundsOf(request) };
  const parts = await Promise.all(
    containers.map(async (container) => {
      const { lines, more } = await lastLines(daemon, container, bounds, signal);
      return { lines: linesOf(container, lines), more };
    }),
  );
  const { lines, more } = joined(parts, request.tail);
  return { sources: containers.map((container) => palette.sourceOf(container)), lines, more };
}

function boundsOf({ since, until, before }: LogReadRequest): Pick<PageBounds, 'since' | 'until'> {
  const last = until === undefined ? undefined : utcNano(until);
  const beforePage = before === undefined ? undefined : justBefore(before);
  const both = [last, beforePage].filter((at) => at !== undefined).sort();
  return { since: since === undefined ? undefined : utcNano(since), until: both[0] };
}

/**
 * The last lines of one container, one more than asked for if there are as many. Docker counts `tail` from the end of the log,
 * whatever `until` says. So with an end in the past, more and more is asked for, which Docker reads from behind; and if that end is
 * too far away, windows of time that grow backwards, for which it reads all of the log each time.
 */
async function lastLines(
  daemon: LogDaemon,
  container: LoggedContainer,
  { tail, since, until }: PageBounds,
  signal: AbortSignal,
): Promise<Part<DecodedLine>> {
  const wanted = tail + 1;
  const read: ReadPart = (from, to, last) => {
    const bound = { since: from && unixSeconds(from), until: to && unixSeconds(to), tail: last };
    return newest(readLog(daemon, container, { follow: false, ...bound }, signal), wanted);
  };
  if (until === undefined) {
    const { lines } = await read(since, undefined, wanted);
    return { lines, more: lines.length >= wanted };
  }
  let before = 0;
  for (let last = firstGrowth * wanted; last <= maxTail; last *= growth) {
    const { lines } = await read(since, until, last);
    if (lines.length >= wanted) return { lines, more: true };
    if (lines.length > 0 && lines.length === before) return { lines, more: false }; // more gave no more
    before = lines.length;
  }
  const beginning = [since, utcNano(container.createdAt)].filter((at) => at !== undefined).sort();
  return lastWithin(read, since, until, beginning.at(-1), wanted);
}

type ReadPart = (from: string | undefined, to: string | undefined, last?: number) => Promise<Part<DecodedLine>>;

async function lastWithin(
  read: ReadPart,
  since: string | undefined,
  until: string,
  beginning: string | undefined,
  wanted: number,
): Promise<Part<DecodedLine>> {
  let found: Part<DecodedLine> = { lines: [], more: false };
  let end = until;
  for (let seconds = firstWindowS; found.lines.length < wanted; seconds *= growth) {
    const start = secondsBefore(end, seconds);
    const isLast = beginning === undefined || start <= beginning;
    const window = await read(isLast ? since : start, end);
    found = { lines: [...window.lines, ...found.lines], more: window.more || !isLast };
    if (isLast || window.more) break;
    end = justBefore(start);
  }
  return found;
}

/** The last lines of these, from where they are complete. */
export function joined<T extends { readonly at: string }>(parts: readonly Part<T>[], tail: number): Part<T> {
  const starts = parts.flatMap(({ lines: [first], more }) => (more && first !== undefined ? [first.at] : []));
  const complete = starts.sort().at(-1) ?? '';
  const all = parts
    .flatMap(({ lines }) => lines)
    .filter(({ at }) => at >= complete)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const more = starts.length > 0 || all.length > tail;
  const isCut = starts.length > 0 && all.length <= tail ? complete : all[all.length - tail - 1]?.at;
  const whole = all.slice(-tail).filter(({ at }) => at !== isCut);
  return { lines: whole.length > 0 ? whole : all.slice(-tail), more };
}

async function newest(batches: AsyncIterable<readonly DecodedLine[]>, limit: number): Promise<Part<DecodedLine>> {
  const ring = new LineRing<DecodedLine>({ lines: limit, bytes: maxPageBytes }, { limitBytes: Infinity, usedBytes: 0 });
  for await (const lines of batches) ring.push(lines);
  return { lines: ring.take(Infinity, Infinity), more: ring.takeDropped() > 0 };
}
