import type { AnsiRun, AnsiStyle } from './ansi.ts';

/** A stretch of a line that is drawn in one way. `hit`: a search has found it. */
export interface LinePart {
  readonly text: string;
  readonly hit: boolean;
  readonly style?: AnsiStyle;
}

/** A plain text in parts: where its style changes, and where what `pattern` (with the flag g) finds begins and ends. */
export function lineParts(
  text: string,
  pattern: RegExp | undefined,
  runs: readonly AnsiRun[] = [],
): readonly LinePart[] {
  const marked = hitsOf(text, pattern);
  if (runs.length === 0) return marked;
  const parts: LinePart[] = [];
  let at = 0;
  let next = 0;
  let style: AnsiStyle | undefined;
  for (const { text: stretch, hit } of marked) {
    const end = at + stretch.length;
    while (at < end) {
      for (let run = runs[next]; run !== undefined && run.start <= at; run = runs[next]) {
        style = Object.keys(run.style).length === 0 ? undefined : run.style;
        next += 1;
      }
      const until = Math.min(end, runs[next]?.start ?? end);
      parts.push({ text: text.slice(at, until), hit, ...(style === undefined ? {} : { style }) });
      at = until;
    }
  }
  return parts;
}

function hitsOf(text: string, pattern: RegExp | undefined): readonly LinePart[] {
  const parts: LinePart[] = [];
  let at = 0;
  for (const match of pattern === undefined ? [] : text.matchAll(pattern)) {
    if (match[0] === '') continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), hit: false });
    parts.push({ text: match[0], hit: true });
    at = match.index + match[0].length;
  }
  if (at < text.length || parts.length === 0) parts.push({ text: text.slice(at), hit: false });
  return parts;
}
