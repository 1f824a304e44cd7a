import { memo } from 'react';
import { count, hostWord } from '../../shared/words.ts';
import { useApp } from '../app-context.ts';
import { Line } from '../components/line.tsx';
import { SessionMeter } from '../components/session-meter.tsx';
import { StateWord } from '../components/state-word.tsx';
import { age } from '../format.ts';
import { hostStateWord, lineLoad, lineSentence } from '../models/host-summary.ts';
import type { ListItem } from '../models/forward-list.ts';
import { formatRoute } from '../route.ts';
import { useSeconds } from '../use-seconds.ts';

interface HostLineProps {
  readonly item: Extract<ListItem, { kind: 'host' }>;
  readonly row: number;
  readonly current: boolean;
  readonly onFocus: (key: string) => void;
  readonly onFold: (hostId: string, away: boolean) => void;
}

/** This machine, the line, the host: the words stand at the line's two ends. */
export const HostLine = memo(function HostLine({ item, row, current, onFocus, onFold }: HostLineProps) {
  const { host, folded, key } = item;
  const { look } = hostWord(host);
  return (
    <div
      className={folded ? 'HostHeader is-folded' : 'HostHeader'}
      role="row"
      aria-level={1}
      aria-expanded={!folded}
      aria-rowindex={row}
      data-state={look}
      data-key={key}
      data-current={current ? '' : undefined}
      tabIndex={current ? 0 : -1}
      onFocus={() => onFocus(key)}
      onClick={(event) =>
        event.target instanceof Element && event.target.closest('a, button') === null && onFold(host.id, !folded)
      }
    >
      <span className="HostHeader-here" role="gridcell">
        localhost
      </span>
      <span className="HostHeader-line" role="gridcell">
        <Line look={look} ports={lineLoad(host)} sentence={lineSentence(host)} />
      </span>
      <div className="HostHeader-host" role="gridcell">
        <a
          className="HostHeader-name"
          href={formatRoute({ view: 'host', hostId: host.id })}
          tabIndex={current ? 0 : -1}
        >
          {host.id}
        </a>
        <HostFactsLine item={item} />
      </div>
    </div>
  );
});

function HostFactsLine({ item: { host, folded } }: { readonly item: HostLineProps['item'] }) {
  const { act } = useApp();
  const now = useSeconds(host.state === 'reconnecting' || host.state === 'ready');
  const { look, word } = hostStateWord(host, now);
  if (host.state === 'ready' && look === 'on') {
    const { readySince } = host.connections;
    return (
      <div className="HostHeader-facts">
        {host.server.rttMs === undefined ? null : <span title="Round trip">{Math.round(host.server.rttMs)} ms</span>}
        <SessionMeter {...host.sessions} />
        <span>
          {folded
            ? `Folded, ${count(lineLoad(host).length, 'forward')}`
            : `1 connection${readySince === undefined ? '' : `, ${age(Math.floor((now - readySince) / 60_000) * 60_000)}`}`}
        </span>
      </div>
    );
  }
  return (
    <div className="HostHeader-facts">
      <StateWord look={look} word={word} />
      {host.state === 'reconnecting' || host.state === 'idle' ? (
        <button
          type="button"
          className="Link"
          onClick={() => void act((api) => api.hosts.connect({ hostId: host.id }))}
        >
          {host.state === 'reconnecting' ? 'Now' : 'Connect'}
        </button>
      ) : null}
    </div>
  );
}
