import type { ForwardView } from '../../shared/forward.ts';
import { forwardWord, isRemapped, localAddress } from '../../shared/words.ts';
import { IconButton } from '../components/icon-button.tsx';
import { StateGlyph } from '../components/state-glyph.tsx';
import { isPaused, useRowCommands } from '../forwards/row-commands.ts';

const none = (): void => undefined;

/** One forward: its address, and the three things one does with it. */
export function PopoverForward({ hostId, forward }: { readonly hostId: string; readonly forward: ForwardView }) {
  const commands = useRowCommands({ onRemap: none, onMenu: none });
  const item = { kind: 'forward', key: forward.id, hostId, forward } as const;
  const { look, word } = forwardWord(forward);
  const name = forward.service ?? forward.container ?? forward.id;
  const address = localAddress(forward);
  const at = address.lastIndexOf(':');
  const paused = isPaused(item);
  const carried = forward.state === 'listening' || forward.state === 'holding';
  return (
    <li className="PopoverForward" data-state={look} title={forward.reason?.message}>
      <StateGlyph look={look} small word={word} />
      <span className="PopoverForward-name">
        <span className="Clip">{name}</span>
        {isRemapped(forward) ? <span className="Chip">was {forward.requestedPort}</span> : null}
      </span>
      <span className="PopoverForward-port">
        {carried || paused ? (
          <>
            {address.slice(0, at)}
            <b>{address.slice(at)}</b>
          </>
        ) : (
          word
        )}
      </span>
      <span className="PopoverForward-actions">
        {carried ? <IconButton icon="copy" label={`Copy ${address}`} onClick={() => commands.copy(item)} /> : null}
        {carried || paused ? (
          <IconButton
            icon={paused ? 'play' : 'pause'}
            label={`${paused ? 'Resume' : 'Pause'} ${name}`}
            onClick={() => commands.togglePause(item)}
          />
        ) : null}
        {carried ? <IconButton icon="open" label={`Open ${name}`} onClick={() => commands.open(item)} /> : null}
      </span>
    </li>
  );
}
