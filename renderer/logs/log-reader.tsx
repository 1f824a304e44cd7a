import { useMemo, useState } from 'react';
import { Fix } from '../components/fix.tsx';
import { StateWord } from '../components/state-word.tsx';
import { shownRows, type LogFilter } from '../models/log-filter.ts';
import { ownLog, ownLogWords } from '../models/log-subjects.ts';
import { formatRoute } from '../route.ts';
import { isLogsWindow } from '../shell/logs-window.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { useSticky } from '../forwards/use-sticky.ts';
import { LogBar } from './log-bar.tsx';
import { LogLines } from './log-lines.tsx';
import { LogMomentBar } from './log-moment-bar.tsx';
import { firstLook } from './log-look.ts';
import { LogSearchField } from './log-search-field.tsx';
import { MomentDialog } from './moment-dialog.tsx';
import { OpenApart } from './open-apart.tsx';
import { useLogFeed } from './use-log-feed.ts';
import { useLogSearch } from './use-log-search.ts';

const firstFilter: Omit<LogFilter, 'only'> = { hidden: new Set(), level: 'all', stream: 'all' };

interface LogReaderProps {
  readonly hostId: string;
  readonly name: string;
  readonly at: string | undefined;
}

/** The log of a container, or of all containers of a project, or our own. */
export function LogReader({ hostId, name, at }: LogReaderProps) {
  const isOwn = hostId === ownLog.hostId;
  const feed = useLogFeed(hostId, name, at);
  const search = useLogSearch(feed.rows);
  const [look, setLook] = useSticky('logs look', firstLook);
  const [filter, setFilter] = useState(firstFilter);
  const [wanted, setWanted] = useState<number>();
  const [asking, setAsking] = useState(false);
  const searching = search.query.text !== '' && search.problem === undefined;
  const only = useMemo(
    () => (look.onlyFound && searching ? new Set(search.found) : undefined),
    [look.onlyFound, searching, search.found],
  );
  const rows = useMemo(() => shownRows(feed.rows, { ...filter, only }), [feed.rows, filter, only]);
  const found = useMemo(() => {
    if (rows === feed.rows) return search.found;
    const shown = new Set(rows.map(({ number }) => number));
    return search.found.filter((number) => shown.has(number));
  }, [search.found, rows, feed.rows]);
  const hit = wanted === undefined ? -1 : found.indexOf(wanted);
  return (
    <>
      <Toolbar
        title={isOwn ? ownLogWords : name}
        aside={
          <>
            <span className="Second">
              {isOwn ? null : `on ${hostId} `}
              <a className="Link" href="#/logs">
                Others
              </a>{' '}
              <a className="Link" href={formatRoute({ view: 'timeline', ...(isOwn ? {} : { hostId }) })}>
                Timeline
              </a>
            </span>
            {isLogsWindow() ? null : (
              <OpenApart route={{ view: 'logs', hostId, name, ...(at === undefined ? {} : { at }) }} />
            )}
          </>
        }
      >
        <LogSearchField search={search} found={found} at={hit} onGo={setWanted} />
      </Toolbar>
      <LogBar
        name={name}
        counts={feed.counts}
        onMoment={isOwn ? undefined : () => setAsking(true)}
        sources={feed.sources}
        filter={filter}
        onFilter={setFilter}
        look={look}
        onLook={(change) => setLook((before) => ({ ...before, ...change }))}
        rows={rows}
      />
      {at === undefined ? null : <LogMomentBar hostId={hostId} name={name} at={at} rows={feed.rows} />}
      {feed.failure === undefined ? null : (
        <div className="LogReader-failure" role="alert">
          <Fix failure={feed.failure} state="degraded" />
        </div>
      )}
      {feed.rows.length === 0 && feed.failure === undefined ? (
        <div className="LogReader-empty" role="status">
          {feed.sources.length === 0 && at === undefined ? (
            <StateWord look="connecting" word="Reading" />
          ) : at === undefined ? (
            'Nothing has been logged yet. What comes is shown at once.'
          ) : (
            'Nothing was logged before.'
          )}
        </div>
      ) : (
        <LogLines
          rows={rows}
          feed={feed}
          wrap={look.wrap}
          times={look.times}
          pattern={search.pattern}
          current={hit === -1 ? feed.atRow : wanted}
          follows={at === undefined}
        />
      )}
      {asking ? <MomentDialog hostId={hostId} name={name} from={at} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
