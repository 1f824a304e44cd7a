import type { ReactNode } from 'react';
import type { Failure } from '../../shared/failure.ts';
import { Button } from '../components/button.tsx';
import { Fix } from '../components/fix.tsx';
import { IconButton } from '../components/icon-button.tsx';
import { StateWord } from '../components/state-word.tsx';
import { DryRunReport } from './dry-run-report.tsx';
import { ReleaseList } from './release-list.tsx';
import type { StackLook } from './use-stack-look.ts';

interface LookPanelProps {
  readonly look: StackLook;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onDeploy: (stack: string) => void;
  readonly onRollBack: (stack: string, release: string) => void;
}

const titles = { 'dry-run': 'dry run', releases: 'releases' } as const;

/** What a deployment would do, or which releases there are. */
export function LookPanel({ look, busy, onClose, onDeploy, onRollBack }: LookPanelProps) {
  const { stack } = look;
  return (
    <section className="Panel" aria-label={`${stack}, ${titles[look.kind]}`} aria-busy={look.answer.kind === 'asked'}>
      <div className="Panel-head">
        <h2>{stack}</h2>
        <span className="Second Small">{titles[look.kind]}</span>
        <span className="Toolbar-gap" />
        <IconButton icon="close" label="Close" onClick={onClose} />
      </div>
      <div className="Panel-body Grow is-scrolling">
        <Body look={look} busy={busy} onRollBack={onRollBack} />
      </div>
      {look.kind === 'dry-run' && look.answer.kind === 'said' ? (
        <div className="Panel-foot">
          <span>Nothing has been sent.</span>
          <span className="Toolbar-gap" />
          <Button small variant="primary" disabled={busy} onClick={() => onDeploy(stack)}>
            Deploy {stack}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function Body({ look, busy, onRollBack }: Pick<LookPanelProps, 'look' | 'busy' | 'onRollBack'>): ReactNode {
  const { answer } = look;
  if (answer.kind === 'asked')
    return (
      <StateWord look="connecting" word={look.kind === 'dry-run' ? 'Comparing with the host' : 'Asking the host'} />
    );
  if (answer.kind === 'failed') return <Refused failure={answer.failure} />;
  return look.kind === 'dry-run' && look.answer.kind === 'said' ? (
    <DryRunReport dryRun={look.answer.value} />
  ) : look.kind === 'releases' && look.answer.kind === 'said' ? (
    <ReleaseList history={look.answer.value} busy={busy} onRollBack={(release) => onRollBack(look.stack, release)} />
  ) : null;
}

function Refused({ failure }: { readonly failure: Failure }) {
  return (
    <div role="alert">
      <Fix failure={failure} state="degraded" />
    </div>
  );
}
