import { StateGlyph } from '../components/state-glyph.tsx';
import { duration } from '../format.ts';
import type { StepView } from '../models/deploy-steps.ts';

const looks = { done: 'done', now: 'connecting', failed: 'error', todo: undefined } as const;
const words = { done: 'done', now: 'at work', failed: 'failed', todo: 'to come' } as const;

/** The steps of a deployment on one line. */
export function StageLine({ steps }: { readonly steps: readonly StepView[] }) {
  return (
    <ol className="StageLine" aria-label="Steps" style={{ gridTemplateColumns: `repeat(${steps.length}, 1fr)` }}>
      {steps.map(({ name, state, ms }) => {
        const look = looks[state];
        return (
          <li
            key={name}
            className={`Stage is-${state}`}
            data-state={look}
            aria-current={state === 'now' ? 'step' : undefined}
          >
            {look === undefined ? <i className="Step-dot" /> : <StateGlyph look={look} />}
            <b>{name}</b>
            <span className="HiddenText">{words[state]}</span>
            <span className="Stage-time">{ms === undefined ? ' ' : duration(ms)}</span>
          </li>
        );
      })}
    </ol>
  );
}
