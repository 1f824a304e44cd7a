import type { Failure } from '../../shared/failure.ts';
import { commandIn } from '../format.ts';
import { CommandLine } from './command-line.tsx';
import { Words } from './words.tsx';

interface FixProps {
  readonly failure: Failure;
  readonly state?: 'error' | 'degraded' | 'needs-you';
}

/** What is wrong and what mends it; a command in the hint can be copied. */
export function Fix({ failure, state = 'error' }: FixProps) {
  const { words, command } = commandIn(failure.hint ?? '');
  return (
    <div className="Fix" data-state={state}>
      <div className="Fix-message">
        <Words text={failure.message} />
      </div>
      {words === '' ? null : (
        <div className="Fix-hint">
          <Words text={words} />
        </div>
      )}
      {command === undefined ? null : <CommandLine command={command} />}
      <div className="Fix-code">{failure.code}</div>
    </div>
  );
}
