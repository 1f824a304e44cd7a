import { useEffect, useMemo, useRef, useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { LogEvent, LogSource } from '../../shared/log.ts';
import { useApp, useMirrored } from '../app-context.ts';
import { failureOf } from '../client.ts';
import { LogBuffer, type LogCounts } from '../models/log-buffer.ts';
import { rowOf, rowsOf, type LogRow } from '../models/log-rows.ts';
import { ownLog } from '../models/log-subjects.ts';
import { readAround } from './read-around.ts';

/** How often what has come is drawn, at most. */
const drawMs = 100;
/** So many lines are taken in at once, so that a flood leaves the page time to listen and to draw. */
const takenLines = 1_000;
/** So many lines are there to begin with, and come with each page of older ones. */
const pageLines = 1_000;

export interface LogFeed {
  readonly rows: readonly LogRow[];
  readonly sources: readonly LogSource[];
  readonly counts: LogCounts;
  readonly failure: Failure | undefined;
  /** Number of the first row at or after the moment at which the log was opened. */
  readonly atRow: number | undefined;
  /** Whether older lines may be had, and are on their way; `elsewhere`: they are not to be had here. */
  readonly older: 'some' | 'coming' | 'none' | 'elsewhere';
  readonly loadOlder: () => void;
}

type Drawn = Omit<LogFeed, 'older' | 'loadOlder'>;

const none = { failure: undefined, atRow: undefined };
const nothing: Drawn = { rows: [], sources: [], counts: new LogBuffer().counts, ...none };

/** The log of a container or a project, or our own: from its last lines on, for as long as it is on show, or as it was around a moment. */
export function useLogFeed(hostId: string, name: string, at: string | undefined): LogFeed {
  const { mirror, fail } = useApp();
  const live = useMirrored(({ link }) => link === 'live');
  const [drawn, setDrawn] = useState(nothing);
  const [older, setOlder] = useState<LogFeed['older']>('some');
  const buffer = useRef(new LogBuffer());
  useEffect(() => {
    if (!live) return undefined;
    const leave = new AbortController();
    const mine = (buffer.current = new LogBuffer());
    const sources = new Map<string, LogSource>();
    let waiting: LogEvent[] = [];
    let failure: Failure | undefined;
    let taking: ReturnType<typeof setTimeout> | undefined;
    let drawing: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      drawing = undefined;
      setDrawn({ ...none, rows: mine.rows, counts: mine.counts, sources: [...sources.values()], failure });
    };
    const take = (): void => {
      let taken = 0;
      for (let lines = 0; taken < waiting.length && lines < takenLines; taken += 1) {
        const event = waiting[taken];
        if (event === undefined) break;
        const rows = rowsOf(event, new Set(sources.keys()));
        mine.append(rows);
        lines += rows.length;
        if (event.kind === 'attached') sources.set(event.source.container, event.source);
      }
      waiting = waiting.slice(taken);
      taking = waiting.length === 0 ? undefined : setTimeout(take, 0);
      drawing ??= setTimeout(draw, drawMs);
    };
    const open = async (moment: string): Promise<void> => {
      const page = await readAround(mirror.api, { hostId, name, at: moment }, leave.signal);
      mine.append(page.lines.map(rowOf));
      const found = page.lines.findIndex(({ at: said }) => Date.parse(`${said.slice(0, 23)}Z`) >= Date.parse(moment));
      const atRow = mine.rows.at(found)?.number; // of a log that ended before, its last line
      setDrawn({ rows: mine.rows, counts: mine.counts, sources: page.sources, failure: undefined, atRow });
      setOlder(page.more ? 'some' : 'none');
    };
    const read = async (): Promise<void> => {
      try {
        const { signal } = leave;
        if (at !== undefined) return await open(at);
        const { logs } = mirror.api;
        const following =
          hostId === ownLog.hostId
            ? logs.own({ tail: pageLines }, { signal })
            : logs.follow({ hostId, name, tail: pageLines }, { signal });
        for await (const event of await following) {
          waiting.push(event);
          taking ??= setTimeout(take, 0);
        }
      } catch (error) {
        if (leave.signal.aborted) return;
        failure = failureOf(error);
        drawing ??= setTimeout(draw, drawMs);
      }
    };
    setOlder(hostId === ownLog.hostId ? 'elsewhere' : 'some');
    void read(); // never rejects
    return () => {
      leave.abort();
      clearTimeout(taking);
      clearTimeout(drawing);
    };
  }, [mirror, live, hostId, name, at]);
  const loadOlder = useMemo(
    () => () => {
      const mine = buffer.current;
      const first = mine.rows.find((row) => row.kind === 'line');
      if (first?.kind !== 'line') return;
      setOlder('coming');
      mirror.api.logs.read({ hostId, name, before: first.line.at, tail: pageLines }).then(
        (page) => {
          if (mine !== buffer.current) return;
          mine.prepend(page.lines.map(rowOf));
          setDrawn((before) => ({ ...before, rows: mine.rows, counts: mine.counts }));
          setOlder(page.more && !mine.isFull ? 'some' : 'none');
        },
        (error: unknown) => {
          setOlder('some');
          fail(failureOf(error));
        },
      );
    },
    [mirror, fail, hostId, name],
  );
  return { ...drawn, older, loadOlder };
}
