import { useState } from 'react';
import type { HostView } from '../../shared/host.ts';
import { useApp } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { Menu, type MenuItem } from '../components/menu.tsx';
import { go } from '../route.ts';
import { RemoveHostDialog } from './remove-host-dialog.tsx';
import type { HostTest } from './use-host-test.ts';

interface HostActionsProps {
  readonly host: HostView;
  readonly test: HostTest;
  readonly onForward: () => void;
}

/** What can be done with a host: the one most likely as a button, the rest behind "…". */
export function HostActions({ host, test, onForward }: HostActionsProps) {
  const { act } = useApp();
  const [menu, setMenu] = useState<{ right: number; top: number }>();
  const [removing, setRemoving] = useState(false);
  const hostId = host.id;
  const up = host.state === 'ready';
  const idle = host.state === 'idle' || host.state === 'failed' || host.state === 'needs-user';
  const items: MenuItem[] = [
    { label: 'Reconnect', run: () => void act((api) => api.hosts.reconnect({ hostId })) },
    host.paused
      ? { label: 'Resume all forwards', run: () => void act((api) => api.forwards.resume({ hostId })) }
      : { label: 'Pause all forwards', run: () => void act((api) => api.forwards.pause({ hostId })) },
    { label: 'Forward a port by hand', run: onForward },
    { label: 'Timeline', run: () => go({ view: 'timeline', hostId }) },
    { label: 'Port rules', run: () => go({ view: 'rules' }) },
    { label: 'Remove host', danger: true, run: () => setRemoving(true) },
  ];
  return (
    <>
      {idle ? (
        <Button variant="primary" onClick={() => void act((api) => api.hosts.connect({ hostId }))}>
          Connect
        </Button>
      ) : (
        <Button onClick={() => void act((api) => api.hosts.disconnect({ hostId }))}>
          {up ? 'Disconnect' : 'Stop trying'}
        </Button>
      )}
      <Button icon="retry" onClick={() => void test.start({ id: hostId, target: host.target })} disabled={test.running}>
        Test
      </Button>
      <IconButton
        icon="more"
        label="More"
        aria-haspopup="menu"
        onClick={(event) => {
          const { right, bottom } = event.currentTarget.getBoundingClientRect();
          setMenu({ right, top: bottom + 4 });
        }}
      />
      {menu === undefined ? null : (
        <Menu label={`Actions for ${hostId}`} items={items} at={menu} onClose={() => setMenu(undefined)} />
      )}
      {removing ? <RemoveHostDialog hostId={hostId} onClose={() => setRemoving(false)} /> : null}
    </>
  );
}
