import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { figure } from '../format.ts';
import { Icon } from './icon.tsx';

interface FollowListProps<Row> {
  readonly label: string;
  /** Oldest first; a row keeps its number, and numbers ascend. */
  readonly rows: readonly Row[];
  readonly renderRow: (row: Row) => ReactNode;
  /** Above the oldest row. */
  readonly head?: ReactNode;
  readonly className?: string;
  /** Number of the row that is brought into sight, when it changes. */
  readonly current?: number | undefined;
  /** Whether rows come, and it starts at its end; otherwise it starts where `current` says. */
  readonly follows?: boolean;
  /** How high a row is as a rule, px; each is measured when it comes into sight. */
  readonly rowPx: number;
  /** What a row is: "42 new lines". */
  readonly noun: readonly [one: string, many: string];
}

const headPx = 32;

/** The rows in sight of many. It follows the newest one until one scrolls up, and then says how many have come. */
export function FollowList<Row extends { readonly number: number }>({
  label,
  rows,
  renderRow,
  head,
  className = '',
  current,
  follows = true,
  rowPx,
  noun,
}: FollowListProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(follows);
  const [seen, setSeen] = useState(0);
  const last = rows.at(-1)?.number ?? -1;
  if (following && seen !== last) setSeen(last);
  const getItemKey = useCallback((index: number) => rows[index]?.number ?? index, [rows]); // another one measures all anew
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey,
    overscan: 12,
    paddingStart: headPx,
    paddingEnd: 8,
  });
  const height = virtualizer.getTotalSize();
  useLayoutEffect(() => {
    const { current: box } = scroller;
    if (following && box !== null) box.scrollTop = box.scrollHeight;
  }, [following, rows, className, height]);
  const first = rows[0]?.number;
  const before = useRef(first);
  useLayoutEffect(() => {
    const added = first === undefined || before.current === undefined ? 0 : before.current - first;
    before.current = first;
    const { current: box } = scroller;
    if (added > 0 && !following && box !== null) box.scrollTop += added * rowPx; // what one reads stays where it is
  }, [first, following]);
  useEffect(() => {
    const index = current === undefined ? -1 : rows.findIndex(({ number }) => number === current);
    if (index === -1) return;
    setFollowing(false);
    virtualizer.scrollToIndex(index, { align: 'center' });
    // only when the search moves: new rows must not pull the view back
  }, [current]);
  const fresh = following ? 0 : rows.length - 1 - rows.findLastIndex(({ number }) => number <= seen);
  const follow = (): void => setFollowing(true);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'End') follow();
    else if (event.key === 'Home' && scroller.current !== null) scroller.current.scrollTop = 0;
    else return;
    event.preventDefault();
  };
  return (
    <div className="FollowList-frame">
      <div
        ref={scroller}
        className={`FollowList ${className}`}
        role="log"
        aria-live="off"
        aria-label={label}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          const atEnd = scrollHeight - scrollTop - clientHeight < rowPx;
          if (atEnd !== following) setFollowing(atEnd);
        }}
      >
        <div className="FollowList-all" style={{ height }}>
          <div className="FollowList-head">{head}</div>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="FollowList-row"
                style={{ transform: `translateY(${start}px)` }}
              >
                {renderRow(row)}
              </div>
            );
          })}
        </div>
      </div>
      {!follows || following || fresh === 0 ? null : (
        <button type="button" className="FollowPill" onClick={follow}>
          <Icon name="follow" />
          {figure(fresh)} new {fresh === 1 ? noun[0] : noun[1]} <kbd>End</kbd>
        </button>
      )}
    </div>
  );
}
