import { useMemo, useState } from 'react';
import { useHosts } from '../app-context.ts';
import { Fix } from '../components/fix.tsx';
import { FollowList } from '../components/follow-list.tsx';
import { FilterField } from '../forwards/filter-field.tsx';
import { useSticky } from '../forwards/use-sticky.ts';
import { LogTabs } from '../logs/log-tabs.tsx';
import { firstLook } from '../logs/log-look.ts';
import { sortedHosts } from '../models/forward-list.ts';
import { timesInTurn } from '../models/log-times.ts';
import { countTopics, shownEntries, type TimelineTopic } from '../models/timeline-rows.ts';
import { go } from '../route.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { useSeconds } from '../use-seconds.ts';
import { TimelineBar } from './timeline-bar.tsx';
import { TimelineEntryRow } from './timeline-entry.tsx';
import { useTimeline } from './use-timeline.ts';

const noTopic: ReadonlySet<TimelineTopic> = new Set();

/** What has happened on a host, or on all of them, and happens. */
export function TimelineView({ hostId }: { readonly hostId: string | undefined }) {
  const feed = useTimeline();
  const hosts = sortedHosts(useHosts()).map(({ id }) => id);
  const [hidden, setHidden] = useSticky('timeline hidden', noTopic);
  const [text, setText] = useState('');
  const [look, setLook] = useSticky('logs look', firstLook);
  const times = look.times === 'none' ? 'local' : look.times;
  const now = useSeconds(times === 'relative');
  const ofHost = useMemo(() => shownEntries(feed.rows, { hidden: noTopic, text: '' }, hostId), [feed.rows, hostId]);
  const rows = useMemo(() => shownEntries(ofHost, { hidden, text }, undefined), [ofHost, hidden, text]);
  const counts = useMemo(() => countTopics(ofHost), [ofHost]);
  return (
    <>
      <Toolbar title="Logs" aside={<LogTabs current="timeline" />}>
        <FilterField value={text} onChange={setText} label="Filter the timeline" />
      </Toolbar>
      <TimelineBar
        hosts={hosts}
        hostId={hostId}
        onHost={(host) => go(host === undefined ? { view: 'timeline' } : { view: 'timeline', hostId: host })}
        counts={counts}
        hidden={hidden}
        onHidden={(next) => setHidden(() => next)}
        times={times}
        onTimes={() => {
          const next = timesInTurn[times];
          setLook((before) => ({ ...before, times: next === 'none' ? 'local' : next }));
        }}
      />
      {feed.failure === undefined ? null : (
        <div className="LogReader-failure" role="alert">
          <Fix failure={feed.failure} state="degraded" />
        </div>
      )}
      {feed.heard && rows.length === 0 ? (
        <div className="LogReader-empty" role="status">
          {feed.rows.length === 0
            ? 'Nothing has happened yet. What does is shown at once.'
            : 'Nothing of what is asked for has happened.'}
        </div>
      ) : (
        <FollowList
          key={hostId ?? ''}
          label="Timeline"
          rows={rows}
          rowPx={22}
          noun={['entry', 'entries']}
          head={feed.heard ? 'As far as it is remembered' : 'Reading'}
          renderRow={(row) => (
            <TimelineEntryRow
              row={row}
              times={times}
              now={times === 'relative' ? now : 0}
              withHost={hostId === undefined}
            />
          )}
        />
      )}
    </>
  );
}
