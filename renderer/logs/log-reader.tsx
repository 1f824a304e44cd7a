import { useMemo, useState } from 'react';
import { Fix } from '../components/fix.tsx';
import { StateWord } from '../components/state-word.tsx';
import { countRows, shownRows, type LogFilter } from '../models/log-filter.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { useSticky } from '../forwards/use-sticky.ts';
import { LogBar } from './log-bar.tsx';
import { LogLines } from './log-lines.tsx';
import { firstLook } from './log-look.ts';
import { LogSearchField } from './log-search-field.tsx';
import { useLogFeed } from './use-log-feed.ts';
import { useLogSearch } from './use-log-search.ts';

const firstFilter: Omit<LogFilter, 'only'> = { hidden: new Set(), level: 'all', stream: 'all' };

/** The log of a container, or of all containers of a project. */
export function LogReader({ hostId, name }: { readonly hostId: string; readonly name: string }) {
  const feed = useLogFeed(hostId, name);
  const search = useLogSearch(feed.rows);
  const [look, setLook] = useSticky('logs look', firstLook);
  const [filter, setFilter] = useState(firstFilter);
  const [wanted, setWanted] = useState<number>();
  const searching = search.query.text !== '' && search.problem === undefined;
  const only = useMemo(
    () => (look.onlyFound && searching ? new Set(search.found) : undefined),
    [look.onlyFound, searching, search.found],
  );
  const rows = useMemo(() => shownRows(feed.rows, { ...filter, only }), [feed.rows, filter, only]);
  const counts = useMemo(() => countRows(feed.rows), [feed.rows]);
  const shown = useMemo(() => new Set(rows.map(({ number }) => number)), [rows]);
  const found = useMemo(() => search.found.filter((number) => shown.has(number)), [search.found, shown]);
  const at = wanted === undefined ? -1 : found.indexOf(wanted);
  return (
    <>
      <Toolbar
        title={name}
        aside={
          <span className="Second">
            on {hostId}{' '}
            <a className="Link" href="#/logs">
              Others
            </a>
          </span>
        }
      >
        <LogSearchField search={search} found={found} at={at} onGo={setWanted} />
      </Toolbar>
      <LogBar
        name={name}
        counts={counts}
        sources={feed.sources}
        filter={filter}
        onFilter={setFilter}
        look={look}
        onLook={(change) => setLook((before) => ({ ...before, ...change }))}
        rows={rows}
      />
      {feed.failure === undefined ? null : (
        <div className="LogReader-failure" role="alert">
          <Fix failure={feed.failure} state="degraded" />
        </div>
      )}
      {feed.rows.length === 0 && feed.failure === undefined ? (
        <div className="LogReader-empty" role="status">
          {feed.sources.length === 0 ? (
            <StateWord look="connecting" word="Reading" />
          ) : (
            'Nothing has been logged yet. What comes is shown at once.'
          )}
        </div>
      ) : (
        <LogLines
          rows={rows}
          feed={feed}
          wrap={look.wrap}
          times={look.times}
          pattern={search.pattern}
          current={at === -1 ? undefined : wanted}
          follows
        />
      )}
    </>
  );
}
