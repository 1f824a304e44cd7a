import { Fix } from '../components/fix.tsx';
import { StateGlyph } from '../components/state-glyph.tsx';
import { duration } from '../format.ts';
import { stepName, type Walk, type WalkStep } from '../models/host-test.ts';

/** The way a connection takes, step by step, as it is walked. */
export function StepList({ steps }: { readonly steps: Walk }) {
  const stopped = steps.find(({ state }) => state === 'failed');
  return (
    <ol className="StepList" aria-live="polite">
      {steps.map((step) => (
        <Step key={step.step} step={step} stopped={stopped} />
      ))}
    </ol>
  );
}

function Step({ step, stopped }: { readonly step: WalkStep; readonly stopped: WalkStep | undefined }) {
  const { state, detail, ms, failure } = step;
  const variant = { todo: 'Step is-todo', running: 'Step is-todo is-running', done: 'Step', failed: 'Step is-cut' }[
    state
  ];
  return (
    <li className={variant} data-state={state === 'failed' ? 'error' : undefined}>
      <StepGlyph state={state} />
      <span className="Step-name">{stepName(step.step)}</span>
      <span className="Step-saw" title={detail}>
        {detail ?? (state === 'todo' && stopped !== undefined ? `Needs ${stepName(stopped.step)}` : '')}
      </span>
      <span className="Step-time">{ms === undefined ? '' : duration(ms)}</span>
      {failure === undefined ? null : (
        <div className="Step-fix">
          <Fix failure={failure} />
        </div>
      )}
    </li>
  );
}

function StepGlyph({ state }: { readonly state: WalkStep['state'] }) {
  switch (state) {
    case 'todo':
      return (
        <span className="Step-dot">
          <span className="HiddenText">to do</span>
        </span>
      );
    case 'running':
      return <StateGlyph look="connecting" word="under way" />;
    case 'done':
      return <StateGlyph look="done" word="passed" />;
    case 'failed':
      return <StateGlyph look="error" word="failed" />;
  }
}
