import { useId } from 'react';
import { forwardWord, isRemapped, localAddress } from '../../shared/words.ts';
import { StateGlyph } from '../components/state-glyph.tsx';
import { figure } from '../format.ts';
import { reasonOf, type ForwardItem } from '../models/forward-list.ts';
import { serviceHint } from '../../shared/service-hint.ts';
import { useCommands } from './row-commands.ts';
import { RowActions } from './row-actions.tsx';
import { RowDetails } from './row-details.tsx';
import { RowReason } from './row-reason.tsx';
import { Throughput } from './throughput.tsx';

interface ForwardRowProps {
  readonly item: ForwardItem;
  readonly row: number;
  readonly current: boolean;
  readonly opened: boolean;
  readonly onFocus: (key: string) => void;
  readonly onDetails: (key: string) => void;
}

/** One forward: 32 px where all is well; a second line says why not, or more. */
export function ForwardRow({ item, row, current, opened, onFocus, onDetails }: ForwardRowProps) {
  const { forward, key } = item;
  const commands = useCommands();
  const id = useId();
  const { look, word } = forwardWord(forward);
  const reason = reasonOf(forward);
  const silent = forward.state === 'unsupported';
  return (
    <div
      className={opened ? 'ForwardRow is-selected' : 'ForwardRow'}
      role="row"
      aria-level={3}
      aria-rowindex={row}
      aria-expanded={opened}
      aria-describedby={reason === undefined ? undefined : id}
      data-state={look}
      data-key={key}
      data-current={current ? '' : undefined}
      tabIndex={current ? 0 : -1}
      onFocus={() => onFocus(key)}
      onDoubleClick={() => commands.open(item)}
    >
      <span className="ForwardRow-glyph" role="gridcell">
        <StateGlyph look={look} word={word} />
      </span>
      <div className="ForwardRow-local" role="gridcell">
        {silent ? <span>no local port</span> : <Address item={item} />}
        <LocalChip item={item} />
      </div>
      <div
        className="ForwardRow-container"
        role="gridcell"
        title={[forward.container, forward.image].filter(Boolean).join(', ')}
      >
        <span className="ForwardRow-name">{forward.service ?? forward.container ?? forward.id}</span>
        <span className="ForwardRow-image">{forward.image ?? ''}</span>
      </div>
      <div className="ForwardRow-remote" role="gridcell">
        {forward.remote.port === 0 ? 'socket' : forward.remote.port}
        {forward.protocol === 'tcp' ? '' : `/${forward.protocol}`}
      </div>
      <div className="ForwardRow-state" role="gridcell">
        {word}
      </div>
      <div className="ForwardRow-active" role="gridcell">
        {forward.state === 'listening' || forward.active > 0 ? figure(forward.active) : '–'}
      </div>
      <Throughput item={item} />
      <RowActions item={item} current={current} opened={opened} onDetails={onDetails} />
      {reason === undefined ? null : <RowReason item={item} id={id} reason={reason} current={current} />}
      {opened ? <RowDetails forward={forward} /> : null}
    </div>
  );
}

function Address({ item }: { readonly item: ForwardItem }) {
  const commands = useCommands();
  const address = localAddress(item.forward);
  const at = address.lastIndexOf(':');
  return (
    <button
      type="button"
      className="ForwardRow-address"
      tabIndex={-1}
      title={`Copy ${address}`}
      onClick={() => commands.copy(item)}
    >
      {address.slice(0, at)}
      <b>{address.slice(at)}</b>
    </button>
  );
}

/** What it wanted, or what it speaks: one of both, as there is room for one. */
function LocalChip({ item: { forward } }: { readonly item: ForwardItem }) {
  if (isRemapped(forward)) return <span className="Chip">was {forward.requestedPort}</span>;
  const hint = serviceHint(forward);
  return hint === undefined ? null : <span className="Chip is-outline">{hint.name}</span>;
}
