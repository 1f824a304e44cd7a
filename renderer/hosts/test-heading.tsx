import { StateBadge } from '../components/state-word.tsx';
import { duration } from '../format.ts';
import { stepName } from '../models/host-test.ts';
import type { TestProgress } from './use-host-test.ts';

/** What the test has come to, in a word. */
export function TestHeading({ progress }: { readonly progress: Exclude<TestProgress, { kind: 'none' }> }) {
  const { kind, steps, failure } = progress;
  const stop = steps.find(({ state }) => state === 'failed');
  const took = steps.reduce((total, { ms }) => total + (ms ?? 0), 0);
  return (
    <div className="Row Below-2">
      <h2 id="test-head">Test</h2>
      {kind === 'running' ? <StateBadge look="connecting" word="Under way" /> : null}
      {kind === 'passed' ? <StateBadge look="on" word="All passed" /> : null}
      {kind === 'stopped' ? (
        <StateBadge
          look="error"
          word={stop === undefined ? (failure?.message ?? 'Stopped') : `Stopped at ${stepName(stop.step)}`}
        />
      ) : null}
      {kind === 'running' ? null : <span className="Quiet PushRight Small">{duration(took)}</span>}
    </div>
  );
}
