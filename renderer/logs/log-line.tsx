import { memo, type CSSProperties } from 'react';
import { ansiRuns, type AnsiStyle } from '../models/ansi.ts';
import { serviceOf } from '../models/log-filter.ts';
import { lineParts } from '../models/log-parts.ts';
import type { LogRow } from '../models/log-rows.ts';
import { timeOf, type Times } from '../models/log-times.ts';

interface LogLineProps {
  readonly row: LogRow;
  readonly colour: number;
  readonly times: Times;
  /** For times that tell how long ago; Unix ms. */
  readonly now: number;
  readonly pattern: RegExp | undefined;
  readonly current: boolean;
}

/** So much of a line is drawn; the rest is counted. Copy and export have all of it. */
const mostChars = 4_000;

/** One row of a log. */
export const LogLineRow = memo(function LogLineRow({ row, colour, times, now, pattern, current }: LogLineProps) {
  if (row.kind === 'break') return <div className="LogBreak">{row.words}</div>;
  const { line, level, text } = row;
  const shown = text.slice(0, mostChars);
  const left = text.length - shown.length;
  return (
    <div
      className={current ? 'LogLine is-current' : 'LogLine'}
      data-level={level}
      data-stream={line.stream}
      style={{ '--service': `var(--service-${(colour % 6) + 1})` } as CSSProperties}
    >
      {times === 'none' ? null : (
        <span className="LogLine-time" title={line.at}>
          {timeOf(line.at, times, now)}
        </span>
      )}
      <span className="LogLine-service" title={line.container}>
        {serviceOf(line)}
      </span>
      <span className="LogLine-level">{level ?? (line.stream === 'stderr' ? 'err' : '–')}</span>
      <span className="LogLine-text">
        {lineParts(shown, pattern, ansiRuns(line.text)).map((part, i) =>
          part.hit ? (
            <mark key={i} className={current ? 'is-current' : undefined}>
              {part.text}
            </mark>
          ) : part.style === undefined ? (
            part.text
          ) : (
            <span key={i} className={classOf(part.style)}>
              {part.text}
            </span>
          ),
        )}
        {left > 0 ? <span className="Quiet"> … {left.toLocaleString('en-GB')} characters more</span> : null}
        {line.truncated === true ? <span className="Quiet"> … cut at 1 MB</span> : null}
      </span>
    </div>
  );
});

function classOf({ colour, bold = false, dim = false, italic = false, underline = false }: AnsiStyle): string {
  const names = { 'is-bold': bold, 'is-dim': dim, 'is-italic': italic, 'is-underlined': underline };
  const own = Object.entries(names).flatMap(([name, is]) => (is ? [name] : []));
  return ['Ansi', ...(colour === undefined ? [] : [`is-colour-${colour}`]), ...own].join(' ');
}
