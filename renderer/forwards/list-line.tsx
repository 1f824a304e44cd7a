import { memo } from 'react';
import { count } from '../../shared/words.ts';
import type { ListItem } from '../models/forward-list.ts';
import { ForwardRow } from './forward-row.tsx';
import { HostLine } from './host-line.tsx';
import { HostNote } from './host-note.tsx';

export interface ListLineProps {
  readonly item: ListItem;
  /** As `aria-rowindex` counts. */
  readonly row: number;
  readonly current: boolean;
  readonly opened: boolean;
  readonly onFocus: (key: string) => void;
  readonly onFold: (hostId: string, away: boolean) => void;
  readonly onDetails: (key: string) => void;
}

/** One line of the list. A line whose thing has not changed is not drawn again. */
export const ListLine = memo(
  function ListLine({ item, row, current, opened, onFocus, onFold, onDetails }: ListLineProps) {
    switch (item.kind) {
      case 'host':
        return <HostLine item={item} row={row} current={current} onFocus={onFocus} onFold={onFold} />;
      case 'note':
        return <HostNote host={item.host} row={row} />;
      case 'group':
        return (
          <div className="GroupHead" role="row" aria-level={2} aria-rowindex={row}>
            <span role="gridcell">
              <b>{item.title}</b> {count(item.count, 'forward')}
            </span>
          </div>
        );
      case 'left-out':
        return (
          <div className="GroupHead" role="row" aria-level={2} aria-rowindex={row}>
            <span role="gridcell">
              {count(item.count, 'port')} left out by rules or labels.{' '}
              <a className="Link" href="#/rules">
                Show rules
              </a>
            </span>
          </div>
        );
      case 'forward':
        return (
          <ForwardRow item={item} row={row} current={current} opened={opened} onFocus={onFocus} onDetails={onDetails} />
        );
    }
  },
  (before, after) =>
    sameThing(before.item, after.item) &&
    before.row === after.row &&
    before.current === after.current &&
    before.opened === after.opened,
);

function sameThing(a: ListItem, b: ListItem): boolean {
  if (a.kind === 'forward' && b.kind === 'forward') return a.forward === b.forward && a.hostId === b.hostId;
  if (a.kind === 'host' && b.kind === 'host') return a.host === b.host && a.folded === b.folded;
  if (a.kind === 'note' && b.kind === 'note') return a.host === b.host;
  if ('count' in a && 'count' in b) return a.key === b.key && a.count === b.count;
  return false;
}
