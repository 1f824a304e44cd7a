import type { DeployResult } from '../../shared/deploy.ts';
import type { DeployEvent } from '../../shared/deployment.ts';
import { assertNever, type Failure } from '../../shared/failure.ts';
import type { StackAction, StackStatus, StackView } from '../../shared/stack-view.ts';

/** Under which run something happens, and when, in Unix ms. */
export interface Occasion {
  readonly run: string;
  readonly action: StackAction;
  readonly at: number;
}

/** Whether a run is at it, or will be. */
export function isBusy(status: StackStatus): status is StackStatus & { kind: 'queued' | 'running' } {
  return status.kind === 'queued' || status.kind === 'running';
}

/**
 * What an event makes of what is known of a stack; `settled` is what was known before the run. While one run is at a stack, the
 * events of another, which its lock will refuse, change nothing.
 */
export function stackAfter(view: StackView, event: DeployEvent, occasion: Occasion, settled: StackStatus): StackView {
  const { run, action, at } = occasion;
  const { status } = view;
  if (isBusy(status) && status.run !== run) return view;
  switch (event.kind) {
    case 'begun':
      return { ...view, status: { kind: 'queued', run, action, since: at } };
    case 'progress':
      return withStatus(view, statusDuring(status, event.progress, occasion));
    case 'result': {
      const { stack: _, ...result } = event.result;
      const lastDeployment = { ...result, action: action === 'verify' ? 'deploy' : action, at } as const;
      return { ...view, status: statusAfter(event.result, at), lastDeployment };
    }
    case 'verified': {
      if (event.failure?.code === 'cancelled') return { ...view, status: settled };
      const release = settled.kind === 'deployed' ? settled.release : undefined;
      const works = { kind: 'deployed', at, ...(release === undefined ? {} : { release }) } as const;
      return { ...view, status: event.ok ? works : { kind: 'failed', at, failure: event.failure ?? unexplained } };
    }
    case 'skipped':
      return { ...view, status: settled };
    default:
      return assertNever(event);
  }
}

function withStatus(view: StackView, status: StackStatus): StackView {
  return status === view.status ? view : { ...view, status };
}

function statusDuring(
  status: StackStatus,
  progress: (DeployEvent & { kind: 'progress' })['progress'],
  { run, action, at }: Occasion,
): StackStatus {
  if (progress.kind === 'stage') {
    const since = status.kind === 'running' ? status.since : at;
    return { kind: 'running', run, action, stage: progress.stage, since };
  }
  if (progress.kind !== 'bytes' || status.kind !== 'running' || progress.total === 0) return status;
  const percent = Math.min(100, Math.floor((progress.sent / progress.total) * 100));
  return percent === status.percent ? status : { ...status, percent };
}

function statusAfter({ id, outcome, release, failure = unexplained }: DeployResult, at: number): StackStatus {
  switch (outcome) {
    case 'succeeded':
      return { kind: 'deployed', at, release: id };
    case 'failed':
      return { kind: release === 'old' ? 'rolled-back' : 'failed', at, failure };
    case 'cancelled':
      return { kind: 'cancelled', at };
    case 'refused':
    case 'interrupted':
      return { kind: outcome, at, failure };
    default:
      return assertNever(outcome);
  }
}

const unexplained: Failure = { code: 'deploy-failed', message: 'It failed, and nothing tells why.' };
