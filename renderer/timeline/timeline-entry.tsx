import { memo } from 'react';
import { span } from '../../shared/timeline-words.ts';
import { StateGlyph } from '../components/state-glyph.tsx';
import { Words } from '../components/words.tsx';
import { timeOf, type Times } from '../models/log-times.ts';
import { lookOfEntry, topicOf, type TimelineRow } from '../models/timeline-rows.ts';
import { figure } from '../format.ts';

interface TimelineEntryRowProps {
  readonly row: TimelineRow;
  readonly times: Exclude<Times, 'none'>;
  /** Unix ms, for times that tell how long ago. */
  readonly now: number;
  /** Whether entries of several hosts are shown. */
  readonly withHost: boolean;
}

/** One thing that happened: when, where, what, and how long what it ended had lasted. */
export const TimelineEntryRow = memo(function TimelineEntryRow({ row, times, now, withHost }: TimelineEntryRowProps) {
  if (row.kind === 'gap')
    return (
      <div className="LogBreak">{figure(row.missed)} entries are missing: they came faster than this page reads</div>
    );
  const { entry, words } = row;
  const look = lookOfEntry(entry);
  const at = new Date(entry.at).toISOString();
  const hint = 'reason' in entry ? entry.reason?.hint : undefined;
  return (
    <div
      className={withHost ? 'TimelineEntry has-host' : 'TimelineEntry'}
      data-state={look}
      data-topic={topicOf(entry)}
    >
      <time className="TimelineEntry-time" dateTime={at} title={at}>
        {timeOf(at, times, now)}
      </time>
      <StateGlyph look={look} small />
      {withHost ? <span className="TimelineEntry-host">{entry.hostId ?? 'Towline'}</span> : null}
      <div className="TimelineEntry-words">
        <Words text={words} />
        {hint === undefined ? null : (
          <div className="TimelineEntry-hint">
            <Words text={hint} />
          </div>
        )}
      </div>
      <span className="TimelineEntry-lasted">
        {entry.lastedMs === undefined || entry.lastedMs < 1 ? '' : `after ${span(entry.lastedMs)}`}
      </span>
    </div>
  );
});
