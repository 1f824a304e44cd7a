import { StateGlyph, type GlyphName } from './state-glyph.tsx';

interface StateWordProps {
  readonly look: GlyphName;
  readonly word: string;
  /** Only the glyph has the state's colour: all is well. */
  readonly calm?: boolean;
}

export function StateWord({ look, word, calm = false }: StateWordProps) {
  return (
    <span className={calm ? 'StateWord is-calm' : 'StateWord'} data-state={look}>
      <StateGlyph look={look} small />
      {word}
    </span>
  );
}

/** The same on the state's tint: the one state of a whole view. */
export function StateBadge({ look, word }: Omit<StateWordProps, 'calm'>) {
  return (
    <span className="StateBadge" data-state={look}>
      <StateGlyph look={look} small />
      {word}
    </span>
  );
}
