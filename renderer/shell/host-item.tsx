import { memo } from 'react';
import type { HostView } from '../../shared/host.ts';
import { SessionMeter } from '../components/session-meter.tsx';
import { StateGlyph } from '../components/state-glyph.tsx';
import { hostStateWord } from '../models/host-summary.ts';
import { shownForwards } from '../models/forward-list.ts';
import { formatRoute } from '../route.ts';
import { useSeconds } from '../use-seconds.ts';

/** A host with its state, sessions and number of forwards; a second line only when there is something to say. */
export const HostItem = memo(function HostItem({
  host,
  current,
}: {
  readonly host: HostView;
  readonly current: boolean;
}) {
  const now = useSeconds(host.state === 'reconnecting');
  const { look, word } = hostStateWord(host, now);
  const count = shownForwards(host).length;
  const calm = look === 'on' || look === 'off';
  return (
    <li>
      <a
        className={current ? 'HostItem is-current' : 'HostItem'}
        data-state={look}
        href={formatRoute({ view: 'host', hostId: host.id })}
        aria-current={current ? 'page' : undefined}
        title={host.target}
      >
        <StateGlyph look={look} {...(calm ? { word } : {})} />
        <span className="HostItem-name">{host.id}</span>
        {host.state === 'ready' ? <SessionMeter {...host.sessions} words="none" /> : <span />}
        <span className="HostItem-count">{count === 0 ? '' : count}</span>
        {calm ? null : <span className="HostItem-reason">{word.replace(/, attempt \d+$/, '')}</span>}
      </a>
    </li>
  );
});
