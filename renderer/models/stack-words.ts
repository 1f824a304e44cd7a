import type { HostView } from '../../shared/host.ts';
import { stageWord } from '../../shared/stage-word.ts';
import type { StackAction, StackView } from '../../shared/stack-view.ts';
import { count, type StateWord } from '../../shared/words.ts';
import { age, clockTime, duration } from '../format.ts';
import { stepNumber } from './deploy-steps.ts';

const doing: Readonly<Record<StackAction, string>> = {
  deploy: 'Deploying',
  rollback: 'Rolling back',
  verify: 'Verifying',
};

/** How many ports of a stack's containers are here. */
export function portsOf({ project }: StackView, host: HostView | undefined): number {
  return Object.values(host?.forwards ?? {}).filter(
    (forward) => forward.project === project && (forward.state === 'listening' || forward.state === 'holding'),
  ).length;
}

export function isBusy({ status }: StackView): boolean {
  return status.kind === 'queued' || status.kind === 'running';
}

/** A stack's state as a glyph and a word. What nobody has verified but whose ports are here is known to run. */
export function stackWord(stack: StackView, ports: number): StateWord {
  const { status } = stack;
  switch (status.kind) {
    case 'idle':
      return ports > 0 ? { look: 'on', word: 'Runs' } : { look: 'off', word: 'Not verified' };
    case 'queued':
      return { look: 'connecting', word: 'Waiting' };
    case 'running':
      return { look: 'connecting', word: doing[status.action] };
    case 'deployed':
      return { look: 'on', word: 'Works' };
    case 'rolled-back':
      return { look: 'degraded', word: 'Rolled back' };
    case 'refused':
      return { look: 'degraded', word: 'Refused' };
    case 'failed':
      return { look: 'error', word: 'Failed' };
    case 'cancelled':
      return { look: 'off', word: 'Cancelled' };
    case 'interrupted':
      return { look: 'degraded', word: 'Interrupted' };
  }
}

/** What was done with a stack last, or is being done, in one line or two. */
export function stackLines(stack: StackView, ports: number, now: number): string[] {
  const { status, lastDeployment } = stack;
  switch (status.kind) {
    case 'idle':
      return [ports > 0 ? `${count(ports, 'port')} on localhost` : 'Nothing done with it since Towline started'];
    case 'queued':
      return ['Its turn comes after the stacks before it'];
    case 'running': {
      const elapsedMs = now - status.since;
      const since = elapsedMs < 1000 ? '' : `, ${age(elapsedMs)}`;
      if (status.action === 'verify') return [`${stageWord(status.stage)}${since}`];
      const { step, of } = stepNumber(status.stage);
      return [`Step ${step} of ${of}, ${lower(stageWord(status.stage))}${since}`];
    }
    case 'deployed': {
      const verified = lastDeployment === undefined || lastDeployment.at < status.at;
      if (verified) return [`Verified ${clockTime(status.at, now)}`];
      const word = lastDeployment.action === 'rollback' ? 'Rolled back' : 'Deployed';
      return [`${word} ${clockTime(status.at, now)}, in ${duration(lastDeployment.durationMs)}`];
    }
    case 'rolled-back':
      return [status.failure.message, 'The release before runs.'];
    case 'refused':
      return [status.failure.message, 'Nothing was changed.'];
    case 'failed':
      return [status.failure.message];
    case 'cancelled':
      return [
        `Cancelled ${clockTime(status.at, now)}.${lastDeployment?.release === 'old' ? ' The release before runs.' : ''}`,
      ];
    case 'interrupted':
      return [status.failure.message, 'The host finishes or undoes it by itself.'];
  }
}

/** What holds of what serves, while a run is at it. */
export function whatServes({ status }: StackView): string | undefined {
  if (status.kind !== 'running' || status.action === 'verify') return undefined;
  const changing: readonly string[] = ['starting', 'gating', 'committing', 'restoring'];
  return changing.includes(status.stage) ? undefined : 'old release still serves';
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
