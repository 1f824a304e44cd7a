import { useState } from 'react';
import { count } from '../../shared/words.ts';
import { useApp, useHosts, useMirrored } from '../app-context.ts';
import { Icon } from '../components/icon.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { sortedHosts } from '../models/forward-list.ts';
import { openPorts } from '../models/popover-hosts.ts';
import { formatRoute } from '../route.ts';
import { PopoverHost } from './popover-host.tsx';

/** What one wants from the tray: the ports, how the hosts are, and the way into the window. */
export function Popover() {
  const { act } = useApp();
  const hosts = useHosts();
  const stacks = useMirrored(({ state }) => state?.stacks);
  const all = sortedHosts(hosts);
  const [chosen, setChosen] = useState<string>();
  const open = chosen ?? all.find(({ state }) => state === 'ready')?.id;
  const paused = all.length > 0 && all.every((host) => host.paused);
  return (
    <div className="Popover">
      <div className="Popover-head">
        <h1 className="Toolbar-title">{count(openPorts(hosts), 'port')} on localhost</h1>
        <span className="Toolbar-gap" />
        {paused ? (
          <IconButton icon="play" label="Resume all" onClick={() => void act((api) => api.forwards.resume({}))} />
        ) : (
          <IconButton icon="pause" label="Pause all" onClick={() => void act((api) => api.forwards.pause({}))} />
        )}
        <IconButton
          icon="retry"
          label="Try all lines now"
          onClick={() => void act((api) => api.engine.checkConnections())}
        />
      </div>
      <div className="Popover-body">
        {all.map((host) => (
          <PopoverHost
            key={host.id}
            host={host}
            open={host.id === open}
            deploying={Object.values(stacks ?? {}).filter(
              ({ hostId, status }) => hostId === host.id && status.kind === 'running',
            )}
            onToggle={() => setChosen(host.id === open ? '' : host.id)}
          />
        ))}
      </div>
      <nav className="Popover-foot" aria-label="Windows">
        <a className="Button is-plain" href={formatRoute({ view: 'stacks' })} target="_blank" rel="noreferrer">
          <Icon name="stacks" />
          Stacks
        </a>
        <a className="Button is-plain" href={formatRoute({ view: 'logs' })} target="_blank" rel="noreferrer">
          <Icon name="logs" />
          Logs
        </a>
        <span className="Toolbar-gap" />
        <a className="Button is-plain" href={formatRoute({ view: 'forwards' })} target="_blank" rel="noreferrer">
          Open Towline
        </a>
      </nav>
    </div>
  );
}
