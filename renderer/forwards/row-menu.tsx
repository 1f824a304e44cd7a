import { Menu, type MenuItem } from '../components/menu.tsx';
import { serviceHint } from '../../shared/service-hint.ts';
import { go } from '../route.ts';
import { modName } from '../shell/use-global-keys.ts';
import { isPaused, useCommands, type OpenMenu } from './row-commands.ts';

/** Every action on a forward. */
export function RowMenu({ item, at, onClose }: OpenMenu & { readonly onClose: () => void }) {
  const commands = useCommands();
  const { forward, hostId } = item;
  const { container } = forward;
  const carried = forward.state !== 'unsupported';
  const hint = serviceHint(forward);
  const manual = forward.source === 'manual';
  const items: (MenuItem | false)[] = [
    carried && {
      label: hint?.kind === 'command' ? `Copy the ${hint.name} command` : 'Open in browser',
      hotkey: '↵',
      run: () => commands.open(item),
    },
    carried && { label: 'Copy address', hotkey: `${modName} C`, run: () => commands.copy(item) },
    carried && { label: isPaused(item) ? 'Resume' : 'Pause', hotkey: 'P', run: () => commands.togglePause(item) },
    carried && { label: 'Change local port', hotkey: 'R', run: () => commands.remap(item) },
    container !== undefined && { label: 'Show log', run: () => go({ view: 'logs', hostId, name: container }) },
    { label: `Show ${hostId}`, run: () => go({ view: 'host', hostId }) },
    manual
      ? { label: 'Remove', danger: true, run: () => commands.remove(item) }
      : { label: 'Ignore', hotkey: 'I', run: () => commands.ignore(item) },
  ];
  return (
    <Menu
      label={`Actions for ${forward.service ?? forward.container ?? forward.id}`}
      items={items.filter((entry) => entry !== false)}
      at={at}
      onClose={onClose}
    />
  );
}
