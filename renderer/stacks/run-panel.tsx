import type { StackView } from '../../shared/stack-view.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Fix } from '../components/fix.tsx';
import { age, clockTime } from '../format.ts';
import type { RunView } from '../models/deploy-run.ts';
import { stepsOf } from '../models/deploy-steps.ts';
import { endingOf, runFoot } from '../models/run-words.ts';
import { useSeconds } from '../use-seconds.ts';
import { RunFacts } from './run-facts.tsx';
import { RunOutput } from './run-output.tsx';
import { StageLine } from './stage-line.tsx';

interface RunPanelProps {
  readonly stack: StackView;
  readonly view: RunView;
  readonly onCancel: (run: string) => void;
}

const titles = { deploy: 'to', rollback: 'back on', verify: 'verified on' } as const;

/** A run as it goes, and how it went. */
export function RunPanel({ stack, view, onCancel }: RunPanelProps) {
  const { status, lastDeployment } = stack;
  const running = status.kind === 'running' && status.run === view.run ? status : undefined;
  const now = useSeconds(running !== undefined);
  const isVerify = view.end?.kind === 'verified' || (running ?? { action: '' }).action === 'verify';
  const action = isVerify ? 'verify' : (running?.action ?? lastDeployment?.action ?? 'deploy');
  const begun = running?.since ?? startOf(view, stack);
  const failure = failureOf(view);
  const ending = endingOf(view);
  return (
    <section className="Panel" aria-label={`Newest run of ${stack.name}`}>
      <div className="Panel-head">
        <h2>{stack.name}</h2>
        <span className="Second Small Clip">
          {titles[action]} {stack.hostId}
          {begun === undefined ? '' : `, started ${clockTime(begun, now)}`}
        </span>
        <span className="Toolbar-gap" />
        {running === undefined ? null : <span className="Quiet Small Inset-right">{age(now - running.since)}</span>}
      </div>
      {isVerify ? null : <StageLine steps={stepsOf(view)} />}
      <RunFacts view={view} running={running !== undefined} />
      {failure === undefined ? null : (
        <div className="Panel-fix" role="alert">
          <Fix failure={failure} state={ending.look === 'error' ? 'error' : 'degraded'} />
        </div>
      )}
      {view.output.length === 0 ? <div className="Grow" /> : <RunOutput lines={view.output} />}
      <div className="Panel-foot" role="status">
        {runFoot(view)}
        <span className="Toolbar-gap" />
        {view.output.length === 0 ? null : (
          <CopyButton text={view.output.map(({ text }) => text).join('\n')} what="output" />
        )}
        {running === undefined ? null : (
          <Button small onClick={() => onCancel(running.run)}>
            Cancel
          </Button>
        )}
      </div>
    </section>
  );
}

function startOf({ end }: RunView, { lastDeployment }: StackView): number | undefined {
  if (end?.kind !== 'result' || lastDeployment?.id !== end.result.id) return undefined;
  return lastDeployment.at - lastDeployment.durationMs;
}

function failureOf({ end }: RunView) {
  if (end?.kind === 'result') return end.result.failure;
  return end?.kind === 'verified' ? end.failure : undefined;
}
