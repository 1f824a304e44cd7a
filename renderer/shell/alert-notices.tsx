import { useMemo } from 'react';
import type { AppState } from '../../shared/app-state.ts';
import { count } from '../../shared/words.ts';
import { useMirrored } from '../app-context.ts';
import { IconButton } from '../components/icon-button.tsx';
import { Notice } from '../components/notice.tsx';
import { useSticky } from '../forwards/use-sticky.ts';
import { shownAlerts, type PutAway } from '../models/alert-list.ts';
import { formatRoute, type Route } from '../route.ts';

/** So many are told in full; the timeline has all of them. */
const most = 3;
const noAlerts: NonNullable<AppState['alerts']> = {};
const nonePutAway: PutAway = new Map();

/** What Towline warns of, with what to do, for as long as it is so. */
export function AlertNotices({ route }: { readonly route: Route }) {
  const alerts = useMirrored(({ state }) => state?.alerts ?? noAlerts);
  const [putAway, setPutAway] = useSticky('alerts put away', nonePutAway);
  const except = route.view === 'host' ? route.hostId : undefined;
  const all = useMemo(() => shownAlerts(alerts, putAway, except), [alerts, putAway, except]);
  return (
    <>
      {all.slice(0, most).map(({ id, hostId, message, hint, announcedAt }) => (
        <Notice key={id} look="degraded" message={message} hint={hint}>
          {hostId === undefined ? null : (
            <a className="Button is-small" href={formatRoute({ view: 'host', hostId })}>
              Show {hostId}
            </a>
          )}
          <IconButton
            icon="close"
            label={`Put away: ${message}`}
            onClick={() => setPutAway((before) => new Map([...before, [id, announcedAt]]))}
          />
        </Notice>
      ))}
      {all.length > most ? (
        <p className="Second Small">
          {count(all.length - most, 'more warning')}.{' '}
          <a className="Link" href={formatRoute({ view: 'timeline' })}>
            Show the timeline
          </a>
        </p>
      ) : null}
    </>
  );
}
