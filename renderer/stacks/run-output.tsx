import { useLayoutEffect, useRef } from 'react';
import type { OutputLine } from '../models/deploy-run.ts';

/** What the tools on the host write. It follows the newest line, until one scrolls up. */
export function RunOutput({ lines }: { readonly lines: readonly OutputLine[] }) {
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const { current } = box;
    if (current !== null && atEnd.current) current.scrollTop = current.scrollHeight;
  }, [lines]);
  const stage = lines.at(-1)?.stage;
  const fresh = lines.findLastIndex((line) => line.stage !== stage) + 1;
  return (
    <pre
      ref={box}
      className="Output Grow"
      role="log"
      aria-live="off"
      aria-label="Output"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      <i>{textOf(lines.slice(0, fresh))}</i>
      <b>{textOf(lines.slice(fresh))}</b>
    </pre>
  );
}

function textOf(lines: readonly OutputLine[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}
