import type { ReactNode } from 'react';
import { StateGlyph, type GlyphName } from './state-glyph.tsx';
import { Words } from './words.tsx';

interface NoticeProps {
  readonly look: GlyphName;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Buttons. */
  readonly children?: ReactNode;
}

/** What happened, then what to do. Said aloud at once where it needs somebody. */
export function Notice({ look, message, hint, children }: NoticeProps) {
  return (
    <div className="Notice" role={look === 'error' || look === 'needs-you' ? 'alert' : 'status'} data-state={look}>
      <StateGlyph look={look} />
      <div className="Grow">
        <b>
          <Words text={message} />
        </b>
        {hint === undefined ? null : (
          <div className="Notice-hint">
            <Words text={hint} />
          </div>
        )}
      </div>
      {children}
    </div>
  );
}
