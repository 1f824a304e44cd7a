import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { isStop, type ListItem } from '../models/forward-list.ts';
import { go } from '../route.ts';
import { ForwardHead } from './forward-head.tsx';
import { ListLine } from './list-line.tsx';
import { useListKeys } from './use-list-keys.ts';

interface ForwardListProps {
  readonly items: readonly ListItem[];
  readonly onFold: (hostId: string, away: boolean) => void;
}

const headPx = 30;
/** Until a line has been measured. */
const estimatePx = { host: 66, note: 64, group: 30, forward: 32, 'left-out': 30 } as const;

/**
 * The list as a tree of hosts and forwards, with one tab stop: arrow keys move it. Only the lines in sight are in the page,
 * and the one with the focus, so that it never loses it.
 */
export function ForwardList({ items, onFold }: ForwardListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<string>();
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const found = items.findIndex(({ key }) => key === wanted);
  const current = found === -1 ? items.findIndex(isStop) : found;
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimatePx[items[index]?.kind ?? 'forward'],
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 6,
    scrollMargin: headPx,
    scrollPaddingStart: headPx,
    paddingEnd: 24,
    rangeExtractor: useCallback(
      (range: Range) =>
        [...new Set([...defaultRangeExtractor(range), ...(current === -1 ? [] : [current])])].sort((a, b) => a - b),
      [current],
    ),
  });
  useLayoutEffect(() => {
    for (const line of scroller.current?.querySelectorAll<HTMLElement>('[data-index]') ?? []) {
      virtualizer.resizeItem(Number(line.dataset['index']), line.offsetHeight);
    }
  }, [opened, virtualizer]); // what opens pushes down what is below it in the same frame
  const toggleDetails = useCallback((key: string) => {
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  const moveTo = (index: number): void => {
    const item = items[index];
    if (item === undefined) return;
    setWanted(item.key);
    virtualizer.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() => lineElement(scroller.current, item.key)?.focus({ preventScroll: true }));
  };
  const onKeyDown = useListKeys({
    items,
    current,
    moveTo,
    onFold,
    toggleDetails,
    showHost: (hostId) => go({ view: 'host', hostId }),
    lineOf: (key) => lineElement(scroller.current, key),
  });
  return (
    <div className="View-body is-list" ref={scroller}>
      <div
        className="ForwardTable"
        role="treegrid"
        aria-label="Forwards"
        aria-rowcount={items.length + 1}
        onKeyDown={onKeyDown}
      >
        <ForwardHead />
        <div className="ForwardTable-lines" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const item = items[index];
            return item === undefined ? null : (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="ForwardTable-line"
                style={{ transform: `translateY(${start - headPx}px)` }}
              >
                <ListLine
                  item={item}
                  row={index + 2}
                  current={index === current}
                  opened={opened.has(item.key)}
                  onFocus={setWanted}
                  onFold={onFold}
                  onDetails={toggleDetails}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function lineElement(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
}
