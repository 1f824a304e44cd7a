import { useState } from 'react';
import type { StackView } from '../../shared/stack-view.ts';
import { useHosts, useMirrored } from '../app-context.ts';
import { Button } from '../components/button.tsx';
import { isBusy } from '../models/stack-words.ts';
import { sortedStacks, stackOnShow } from '../models/stack-list.ts';
import { Toolbar } from '../shell/toolbar.tsx';
import { AddStackDialog } from './add-stack-dialog.tsx';
import { LookPanel } from './look-panel.tsx';
import { NoStack } from './no-stack.tsx';
import { RunPanel } from './run-panel.tsx';
import { StackCard } from './stack-card.tsx';
import { useStackCommands, type StackCommands, type StackQuestion } from './stack-commands.ts';
import { StackQuestionDialog } from './stack-question-dialog.tsx';
import { useRun } from './use-run.ts';
import { useStackKeys } from './use-stack-keys.ts';
import { useStackLook, type Looking } from './use-stack-look.ts';

const none: Readonly<Record<string, StackView>> = {};

/** The compose projects of this machine, and what becomes of them on their hosts. */
export function StacksView({ selected }: { readonly selected: string | undefined }) {
  const stacks = sortedStacks(useMirrored(({ state }) => state?.stacks ?? none));
  const hosts = useHosts();
  const looking = useStackLook();
  const [adding, setAdding] = useState(false);
  const [question, setQuestion] = useState<StackQuestion>();
  const commands = useStackCommands(looking, setQuestion);
  const current = stackOnShow(stacks, selected);
  const onKeyDown = useStackKeys(stacks, current, commands);
  return (
    <>
      <Toolbar title="Stacks" count={stacks.length}>
        <Button icon="plus" onClick={() => setAdding(true)}>
          Add stack
        </Button>
        <Button onClick={commands.deployAll} disabled={stacks.length === 0 || stacks.some(isBusy)}>
          Deploy all
        </Button>
      </Toolbar>
      {current === undefined ? (
        <NoStack onAdd={() => setAdding(true)} />
      ) : (
        <div className="View-body is-padded is-scrolling StackView" onKeyDown={onKeyDown}>
          <ul className="StackGrid" aria-label="Stacks">
            {stacks.map((stack) => (
              <StackCard
                key={stack.name}
                stack={stack}
                host={hosts[stack.hostId]}
                current={stack === current}
                commands={commands}
              />
            ))}
          </ul>
          <StackPanels key={current.name} stack={current} looking={looking} commands={commands} />
        </div>
      )}
      {adding ? <AddStackDialog onClose={() => setAdding(false)} /> : null}
      {question === undefined ? null : (
        <StackQuestionDialog question={question} onClose={() => setQuestion(undefined)} />
      )}
    </>
  );
}

interface StackPanelsProps {
  readonly stack: StackView;
  readonly looking: Looking;
  readonly commands: StackCommands;
}

function StackPanels({ stack, looking, commands }: StackPanelsProps) {
  const run = useRun(stack);
  const look = looking.look?.stack === stack.name ? looking.look : undefined;
  const isFilled = run !== undefined && (run.end === undefined || run.output.length > 0);
  const classes = ['StackPanels', run !== undefined && look !== undefined && 'is-both', isFilled && 'is-filled'];
  if (run === undefined && look === undefined)
    return (
      <p className="StackView-hint">
        Deploy sends what has changed, over the line that is there, in one session. Images are built before anything
        stops; when the new release does not prove itself, the one before it comes back.
      </p>
    );
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      {run === undefined ? null : <RunPanel stack={stack} view={run} onCancel={commands.cancel} />}
      {look === undefined ? null : (
        <LookPanel
          look={look}
          busy={isBusy(stack)}
          onClose={looking.close}
          onDeploy={commands.deploy}
          onRollBack={commands.rollBack}
        />
      )}
    </div>
  );
}
