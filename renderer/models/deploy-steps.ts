import type { DeployStage } from '../../shared/deploy.ts';
import type { StackStatus } from '../../shared/stack-view.ts';
import type { RunView } from './deploy-run.ts';

/** The steps of a deployment as people see them, each made of stages of the engine. */
const steps: readonly { readonly name: string; readonly stages: readonly DeployStage[] }[] = [
  { name: 'Compare', stages: ['packing', 'connecting', 'inspecting'] },
  { name: 'Upload', stages: ['uploading', 'verifying'] },
  { name: 'Apply', stages: ['applying', 'checking'] },
  { name: 'Build', stages: ['building'] },
  { name: 'Start', stages: ['starting'] },
  { name: 'Health', stages: ['gating'] },
  { name: 'Keep', stages: ['committing'] },
];
const wayBack = { name: 'Go back', stages: ['restoring'] } as const;

export interface StepView {
  readonly name: string;
  readonly state: 'todo' | 'now' | 'done' | 'failed';
  /** How long it took; undefined while it has not ended, and for one that there was no need for. */
  readonly ms: number | undefined;
}

/** Where a run is. A step that a later one has overtaken is done; that in which it failed, failed. */
export function stepsOf({ stages, end }: RunView): StepView[] {
  const wentBack = stages.some(({ stage }) => stage === 'restoring');
  const ended = end?.kind === 'result' ? end.result : undefined;
  const shown = wentBack ? [...steps.slice(0, -1), wayBack] : steps;
  const at = shown.map((step) => stages.find(({ stage }) => step.stages.some((one) => one === stage))?.atMs);
  const broke = ended !== undefined && ended.outcome !== 'succeeded' ? stepOf(ended.stage) : undefined;
  const failed = broke ?? (wentBack ? at.slice(0, -1).findLastIndex((ms) => ms !== undefined) : -1);
  const current = at.findLastIndex((ms) => ms !== undefined);
  return shown.map(({ name }, i): StepView => {
    const until = at.slice(i + 1).find((ms) => ms !== undefined) ?? ended?.durationMs;
    const begun = at[i];
    const ms = begun === undefined || until === undefined ? undefined : Math.max(0, until - begun);
    if (i === failed) return { name, state: 'failed', ms };
    if (i < failed) return { name, state: 'done', ms };
    const isBack = wentBack && i === shown.length - 1;
    if (i > current || (failed !== -1 && i > failed && !isBack)) return { name, state: 'todo', ms: undefined };
    return { name, state: i < current || ended !== undefined ? 'done' : 'now', ms };
  });
}

/** How much of a run is behind it, 0 to 1: by steps, and within an upload by bytes. */
export function progressOf(status: Extract<StackStatus, { kind: 'running' }>): number {
  const index = stepOf(status.stage);
  return (index + (status.percent ?? 0) / 100) / steps.length;
}

/** Which step it is, from 1, of how many. */
export function stepNumber(stage: DeployStage): { readonly step: number; readonly of: number } {
  return { step: stepOf(stage) + 1, of: steps.length };
}

function stepOf(stage: DeployStage): number {
  const found = steps.findIndex((step) => step.stages.includes(stage));
  return found === -1 ? steps.length - 1 : found;
}
