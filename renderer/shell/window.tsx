import { useState } from 'react';
import { useMirrored } from '../app-context.ts';
import { FirstRun } from '../first-run/first-run.tsx';
import { ForwardsView } from '../forwards/forwards-view.tsx';
import { AddHostView } from '../hosts/add-host-view.tsx';
import { HostPage } from '../hosts/host-page.tsx';
import { LogsView } from '../logs/logs-view.tsx';
import { Popover } from '../popover/popover.tsx';
import { Prompts } from '../prompts/prompts.tsx';
import { useRoute, type Route } from '../route.ts';
import { RulesView } from '../rules/rules-view.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { StacksView } from '../stacks/stacks-view.tsx';
import { TimelineView } from '../timeline/timeline-view.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { Joining } from './joining.tsx';
import { Sidebar } from './sidebar.tsx';
import { TopNotices } from './top-notices.tsx';
import { useGlobalKeys } from './use-global-keys.ts';
import { isLogsWindow } from './logs-window.ts';

/** Sidebar (but in a window for logs) and view, or the first run while there is no host; and over either, the question that is open. */
export function Window() {
  const route = useRoute();
  const [helping, setHelping] = useState(false);
  const heard = useMirrored(({ state }) => state !== undefined);
  const empty = useMirrored(({ state }) => state !== undefined && Object.keys(state.hosts).length === 0);
  useGlobalKeys(() => setHelping(true));
  const apart = isLogsWindow() && (route.view === 'logs' || route.view === 'timeline');
  if (!heard) return <Joining />;
  if (route.view === 'popover') return <Popover />;
  return (
    <>
      {empty && route.view === 'forwards' ? (
        <FirstRun />
      ) : (
        <div className={apart ? 'Window is-apart' : 'Window'}>
          {apart ? null : <Sidebar route={route} onHelp={() => setHelping(true)} />}
          <main className="View" data-region="content" tabIndex={-1}>
            <TopNotices route={route} />
            <CurrentView route={route} />
          </main>
        </div>
      )}
      <Prompts />
      {helping ? <KeysDialog onClose={() => setHelping(false)} /> : null}
    </>
  );
}

function CurrentView({ route }: { readonly route: Exclude<Route, { view: 'popover' }> }) {
  switch (route.view) {
    case 'forwards':
      return <ForwardsView />;
    case 'host':
      return <HostPage key={route.hostId} hostId={route.hostId} />;
    case 'add-host':
      return <AddHostView />;
    case 'stacks':
      return <StacksView selected={route.stack} />;
    case 'logs':
      return <LogsView hostId={route.hostId} name={route.name} at={route.at} />;
    case 'timeline':
      return <TimelineView hostId={route.hostId} />;
    case 'rules':
      return <RulesView />;
    case 'settings':
      return <SettingsView />;
  }
}
