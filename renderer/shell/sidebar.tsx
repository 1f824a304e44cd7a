import { useHosts, useMirrored } from '../app-context.ts';
import { IconButton } from '../components/icon-button.tsx';
import { sortedHosts, countForwards } from '../models/forward-list.ts';
import { formatRoute, go, type Route } from '../route.ts';
import { Brand } from './brand.tsx';
import { HostItem } from './host-item.tsx';
import { NavItem } from './nav-item.tsx';
import { SessionPanel } from './session-panel.tsx';

interface SidebarProps {
  readonly route: Route;
  readonly onHelp: () => void;
}

export function Sidebar({ route, onHelp }: SidebarProps) {
  const hosts = useHosts();
  const stacks = useMirrored(({ state }) => Object.keys(state?.stacks ?? {}).length);
  const current = route.view === 'host' ? route.hostId : undefined;
  return (
    <aside className="Sidebar" aria-label="Views and hosts" data-region="sidebar" tabIndex={-1}>
      <div className="Sidebar-top">
        <Brand />
        <IconButton icon="keyboard" label="Keyboard" hotkey="?" onClick={onHelp} />
      </div>
      <nav className="Sidebar-section" aria-label="Views">
        <NavItem
          icon="forwards"
          href={formatRoute({ view: 'forwards' })}
          current={route.view === 'forwards'}
          count={countForwards(hosts).all}
        >
          Forwards
        </NavItem>
        <NavItem icon="stacks" href={formatRoute({ view: 'stacks' })} current={route.view === 'stacks'} count={stacks}>
          Stacks
        </NavItem>
        <NavItem
          icon="logs"
          href={formatRoute({ view: 'logs' })}
          current={route.view === 'logs' || route.view === 'timeline'}
        >
          Logs
        </NavItem>
        <NavItem icon="rules" href={formatRoute({ view: 'rules' })} current={route.view === 'rules'}>
          Rules
        </NavItem>
        <NavItem icon="settings" href={formatRoute({ view: 'settings' })} current={route.view === 'settings'}>
          Settings
        </NavItem>
      </nav>
      <div className="Sidebar-head">
        <h2 id="hosts-head">Hosts</h2>
        <IconButton icon="plus" label="Add host" onClick={() => go({ view: 'add-host' })} />
      </div>
      <nav className="Sidebar-section is-hosts" aria-labelledby="hosts-head">
        <ul>
          {sortedHosts(hosts).map((host) => (
            <HostItem key={host.id} host={host} current={host.id === current} />
          ))}
        </ul>
      </nav>
      <SessionPanel />
    </aside>
  );
}
