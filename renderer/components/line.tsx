import type { Look } from '../../shared/words.ts';
import { hang, lineShape, type Drop } from '../models/line-shape.ts';
import { useWidth } from './use-width.ts';

interface LineProps {
  readonly look: Look;
  readonly ports: readonly { readonly port: number; readonly look: Look }[];
  /** What the picture says, in a sentence. */
  readonly sentence: string;
}

/** The connection, and what hangs on it. Drawn for the width it has, never scaled. */
export function Line({ look, ports, sentence }: LineProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const shape = lineShape(look, width);
  const { drops, more } = hang(ports, width);
  const end = width - 6;
  return (
    <div className="LineBox" ref={box}>
      {width < 60 ? null : (
        <svg
          className="Line"
          data-state={look}
          viewBox={`0 0 ${width} ${shape.height}`}
          width={width}
          height={shape.height}
          role="img"
          aria-label={sentence}
        >
          {shape.ghost === undefined ? null : <path className="Line-cable is-ghost" d={shape.ghost} />}
          <path className={shape.dashed ? 'Line-cable is-dashed' : 'Line-cable'} d={shape.cable} />
          {drops.map((drop, i) => (
            <LineDrop
              key={`${drop.port} ${drops.slice(0, i).filter(({ port }) => port === drop.port).length}`}
              drop={drop}
              y={shape.y(drop.x)}
            />
          ))}
          {more === 0 ? null : (
            <text className="Line-text is-quiet" x={end - 14} y={27.5} textAnchor="end">
              +{more}
            </text>
          )}
          <rect className="Line-end is-machine" x="1" y="5" width="10" height="10" rx="2.5" />
          <circle className={look === 'on' ? 'Line-end is-filled' : 'Line-end'} cx={end} cy="10" r="5" />
        </svg>
      )}
    </div>
  );
}

function LineDrop({ drop: { x, look, label }, y }: { readonly drop: Drop; readonly y: number }) {
  const quiet = look === 'paused' || look === 'off';
  return (
    <g className="Line-hanging" data-state={look} style={{ transform: `translateY(${y - 10}px)` }}>
      <path className="Line-drop" d={`M${x} 10V21`} />
      {mark(look, x)}
      {label === undefined ? null : (
        <text className={quiet ? 'Line-text is-quiet' : 'Line-text'} x={x + 7} y="27.5">
          {label}
        </text>
      )}
    </g>
  );
}

/** Dot, ring, hourglass or cross. */
function mark(look: Look, x: number) {
  switch (look) {
    case 'error':
      return <path className="Line-cross" d={`M${x - 2.5} 21l5 5m0-5l-5 5`} />;
    case 'holding':
    case 'degraded':
      return <path className="Line-dot" d={`M${x - 3.5} 20h7l-7 8h7z`} />;
    case 'paused':
    case 'off':
    case 'connecting':
    case 'not-carried':
      return <circle className="Line-dot is-hollow" cx={x} cy="23.5" r="2.75" />;
    case 'on':
    case 'needs-you':
      return <circle className="Line-dot" cx={x} cy="23.5" r="3" />;
  }
}
