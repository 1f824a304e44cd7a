import { useEffect, useMemo, useRef, useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { LogEvent, LogSource } from '../../shared/log.ts';
import { useApp, useMirrored } from '../app-context.ts';
import { failureOf } from '../client.ts';
import { LogBuffer } from '../models/log-buffer.ts';
import { rowOf, rowsOf, type LogRow } from '../models/log-rows.ts';

/** How often what has come is drawn, at most. */
const drawMs = 100;
/** So many lines are there to begin with, and come with each page of older ones. */
const pageLines = 1_000;

export interface LogFeed {
  readonly rows: readonly LogRow[];
  readonly sources: readonly LogSource[];
  readonly failure: Failure | undefined;
  /** Whether older lines may be had, and are on their way. */
  readonly older: 'some' | 'coming' | 'none';
  readonly loadOlder: () => void;
}

interface Drawn {
  readonly rows: readonly LogRow[];
  readonly sources: readonly LogSource[];
  readonly failure?: Failure;
}

const nothing: Drawn = { rows: [], sources: [] };

/** The log of a container or a project, from its last lines on, for as long as it is on show. */
export function useLogFeed(hostId: string, name: string): LogFeed {
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
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (failure?: Failure): void => {
      timer = undefined;
      for (const event of waiting) {
        mine.append(rowsOf(event, new Set(sources.keys())));
        if (event.kind === 'attached') sources.set(event.source.container, event.source);
      }
      waiting = [];
      setDrawn({ rows: mine.rows, sources: [...sources.values()], ...(failure === undefined ? {} : { failure }) });
    };
    const read = async (): Promise<void> => {
      try {
        const { signal } = leave;
        for await (const event of await mirror.api.logs.follow({ hostId, name, tail: pageLines }, { signal })) {
          waiting.push(event);
          timer ??= setTimeout(draw, drawMs);
        }
      } catch (error) {
        if (!leave.signal.aborted) draw(failureOf(error));
      }
    };
    setOlder('some');
    void read(); // never rejects
    return () => {
      leave.abort();
      clearTimeout(timer);
    };
  }, [mirror, live, hostId, name]);
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
          setDrawn((before) => ({ ...before, rows: mine.rows }));
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
  return { ...drawn, failure: drawn.failure, older, loadOlder };
}
