import type { JSX } from 'react';
import type { Look } from '../../shared/words.ts';

/** A look of `shared/words`, or a step that passed. */
export type GlyphName = Look | 'done';

/** One shape per state on a 16 px grid, told apart without colour. */
const shapes: Readonly<Record<GlyphName, JSX.Element>> = {
  off: <circle cx="8" cy="8" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.75" />,
  connecting: (
    <circle
      cx="8"
      cy="8"
      r="5.1"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.1"
      strokeDasharray="4.6 3.41"
      strokeDashoffset="2.3"
    />
  ),
  on: <circle cx="8" cy="8" r="5.25" />,
  degraded: <path d="M8 2.6 14 13H2z" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" />,
  'needs-you': (
    <>
      <circle cx="8" cy="4.9" r="3.1" />
      <path d="M2 14.2c0-3.3 2.6-5 6-5s6 1.7 6 5z" />
    </>
  ),
  error: (
    <path
      fillRule="evenodd"
      d="M4.2 2h7.6A2.2 2.2 0 0 1 14 4.2v7.6a2.2 2.2 0 0 1-2.2 2.2H4.2A2.2 2.2 0 0 1 2 11.8V4.2A2.2 2.2 0 0 1 4.2 2zm.95 4.35L6.8 8 5.15 9.65l1.2 1.2L8 9.2l1.65 1.65 1.2-1.2L9.2 8l1.65-1.65-1.2-1.2L8 6.8 6.35 5.15z"
    />
  ),
  paused: (
    <>
      <rect x="3.5" y="3" width="3.2" height="10" rx="1" />
      <rect x="9.3" y="3" width="3.2" height="10" rx="1" />
    </>
  ),
  holding: <path d="M3.5 1.75h9v1.9L9.2 8l3.3 4.35v1.9h-9v-1.9L6.8 8 3.5 3.65z" />,
  'not-carried': (
    <g fill="none" stroke="currentColor" strokeWidth="1.6">
      <circle cx="8" cy="8" r="5.25" />
      <path d="M4.3 11.7l7.4-7.4" />
    </g>
  ),
  done: (
    <path
      d="M3 8.4 6.6 12 13 4.6"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
};

/** A state as a shape. The word stands beside it, or `word` says it to those who don't see the shape. */
export function StateGlyph({
  look,
  word,
  small = false,
}: {
  readonly look: GlyphName;
  readonly word?: string;
  readonly small?: boolean;
}) {
  return (
    <span className={small ? 'StateGlyph is-small' : 'StateGlyph'} data-state={look}>
      <svg viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">
        {shapes[look]}
      </svg>
      {word === undefined ? null : <span className="HiddenText">{word}</span>}
    </span>
  );
}
