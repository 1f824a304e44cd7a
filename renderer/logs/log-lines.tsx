import { FollowList } from '../components/follow-list.tsx';
import type { LogRow } from '../models/log-rows.ts';
import type { Times } from '../models/log-times.ts';
import { useSeconds } from '../use-seconds.ts';
import { LogLineRow } from './log-line.tsx';
import type { LogFeed } from './use-log-feed.ts';

interface LogLinesProps {
  readonly rows: readonly LogRow[];
  readonly feed: Pick<LogFeed, 'sources' | 'older' | 'loadOlder'>;
  readonly wrap: boolean;
  readonly times: Times;
  readonly pattern: RegExp | undefined;
  /** Number of the row that a search stands on, or that a time led to: it is brought into sight. */
  readonly current: number | undefined;
  readonly follows: boolean;
}

/** The lines of a log, from the oldest that has been read. */
export function LogLines({ rows, feed, wrap, times, pattern, current, follows }: LogLinesProps) {
  const now = useSeconds(times === 'relative');
  const colours = new Map(feed.sources.map(({ container, colour }) => [container, colour]));
  return (
    <FollowList
      label="Log"
      className={`LogLines has-${times}${wrap ? ' is-wrapped' : ''}`}
      rows={rows}
      current={current}
      follows={follows}
      rowPx={19}
      noun={['line', 'lines']}
      head={
        feed.older === 'none' ? (
          'The beginning'
        ) : rows.length === 0 || feed.older === 'elsewhere' ? null : (
          <button type="button" className="Link" disabled={feed.older === 'coming'} onClick={feed.loadOlder}>
            {feed.older === 'coming' ? 'Reading older lines' : 'Older lines'}
          </button>
        )
      }
      renderRow={(row) => (
        <LogLineRow
          row={row}
          colour={row.kind === 'line' ? (colours.get(row.line.container) ?? 0) : 0}
          times={times}
          now={times === 'relative' ? now : 0}
          pattern={pattern}
          current={row.number === current}
        />
      )}
    />
  );
}
