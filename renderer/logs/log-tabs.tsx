import { formatRoute } from '../route.ts';

const tabs = [
  ['logs', 'Containers'],
  ['timeline', 'Timeline'],
] as const;

/** The two halves of what has been going on: what containers say, and what happened to their hosts. */
export function LogTabs({ current }: { readonly current: 'logs' | 'timeline' }) {
  return (
    <nav className="Segmented LogTabs" aria-label="Logs">
      {tabs.map(([view, words]) => (
        <a
          key={view}
          className={view === current ? 'Segmented-item is-current' : 'Segmented-item'}
          href={formatRoute({ view })}
          aria-current={view === current ? 'page' : undefined}
        >
          {words}
        </a>
      ))}
    </nav>
  );
}
