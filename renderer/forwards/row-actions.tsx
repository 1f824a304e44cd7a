import { memo } from 'react';
import { IconButton } from '../components/icon-button.tsx';
import type { ForwardItem } from '../models/forward-list.ts';
import { serviceHint } from '../../shared/service-hint.ts';
import { modName } from '../shell/use-global-keys.ts';
import { isPaused, useCommands } from './row-commands.ts';

interface RowActionsProps {
  readonly item: ForwardItem;
  readonly current: boolean;
  readonly opened: boolean;
  readonly onDetails: (key: string) => void;
}

/** Shown on hover and focus, in place of the throughput. */
export const RowActions = memo(
  function RowActions({ item, current, opened, onDetails }: RowActionsProps) {
    const commands = useCommands();
    const tab = { tabIndex: current ? 0 : -1 };
    const command = serviceHint(item.forward)?.kind === 'command';
    const carried = item.forward.state !== 'unsupported';
    return (
      <div className="ForwardRow-actions" role="gridcell">
        {carried ? (
          <>
            <IconButton
              {...tab}
              icon="copy"
              label="Copy address"
              hotkey={`${modName} C`}
              onClick={() => commands.copy(item)}
            />
            <IconButton
              {...tab}
              icon="open"
              label={command ? 'Copy its command' : 'Open in browser'}
              hotkey="Enter"
              onClick={() => commands.open(item)}
            />
            <IconButton
              {...tab}
              icon={isPaused(item) ? 'play' : 'pause'}
              label={isPaused(item) ? 'Resume' : 'Pause'}
              hotkey="P"
              onClick={() => commands.togglePause(item)}
            />
          </>
        ) : null}
        <IconButton
          {...tab}
          icon={opened ? 'up' : 'down'}
          label={opened ? 'Less' : 'Details'}
          hotkey="Space"
          onClick={() => onDetails(item.key)}
        />
        <IconButton
          {...tab}
          icon="more"
          label="More"
          hotkey="Shift F10"
          aria-haspopup="menu"
          onClick={(event) => commands.menu(item, event.currentTarget)}
        />
      </div>
    );
  },
  (before, after) =>
    before.current === after.current &&
    before.opened === after.opened &&
    before.item.key === after.item.key &&
    before.item.forward.state === after.item.forward.state &&
    before.item.forward.local === after.item.forward.local,
);
