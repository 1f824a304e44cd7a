import { useEffect, useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { TimelineEntry } from '../../shared/timeline.ts';
import { useApp, useMirrored } from '../app-context.ts';
import { failureOf } from '../client.ts';
import { withPush, type TimelineRow } from '../models/timeline-rows.ts';

/** How often what has come is drawn, at most. */
const drawMs = 100;
/** So many entries of what has been are there to begin with. */
const tail = 5_000;

export interface TimelineFeed {
  readonly rows: readonly TimelineRow[];
  /** Whether the engine has told what it remembers. */
  readonly heard: boolean;
  readonly failure?: Failure;
}

const nothing: TimelineFeed = { rows: [], heard: false };

/** What has happened on all hosts, and what happens, for as long as it is on show. */
export function useTimeline(): TimelineFeed {
  const { mirror } = useApp();
  const live = useMirrored(({ link }) => link === 'live');
  const [feed, setFeed] = useState(nothing);
  useEffect(() => {
    if (!live) return undefined;
    const leave = new AbortController();
    const { signal } = leave;
    let rows: readonly TimelineRow[] = [];
    let entries: TimelineEntry[] = [];
    let missed = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      timer = undefined;
      rows = withPush(rows, { entries, missed });
      [entries, missed] = [[], 0];
      setFeed({ rows, heard: true });
    };
    const read = async (): Promise<void> => {
      try {
        for await (const push of await mirror.api.timeline.watch({ tail }, { signal })) {
          entries.push(...push.entries);
          missed += push.missed;
          timer ??= setTimeout(draw, drawMs);
        }
      } catch (error) {
        if (!signal.aborted) setFeed({ rows, heard: true, failure: failureOf(error) });
      }
    };
    void read(); // never rejects
    return () => {
      leave.abort();
      clearTimeout(timer);
    };
  }, [mirror, live]);
  return feed;
}
