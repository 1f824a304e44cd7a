import type { DeployProgress, DeployResult, DeployStage, FileChange, GateReport } from '../../shared/deploy.ts';
import type { DeployEvent } from '../../shared/deployment.ts';
import type { Failure } from '../../shared/failure.ts';

/** How a run ended for one stack. */
export type RunEnd =
  | { readonly kind: 'result'; readonly result: DeployResult }
  | { readonly kind: 'verified'; readonly ok: boolean; readonly failure?: Failure | undefined }
  | { readonly kind: 'skipped'; readonly because: string };

/** A line that a tool on the host has written, and while what was done. */
export interface OutputLine {
  readonly stage: DeployStage | undefined;
  readonly text: string;
}

/** What is known of a run, for one stack. Times in ms since its start, sizes in bytes. */
export interface RunView {
  readonly run: string;
  readonly stages: readonly { readonly stage: DeployStage; readonly atMs: number }[];
  readonly changes: readonly FileChange[] | undefined;
  readonly uploadBytes: number;
  readonly sentBytes: number;
  readonly output: readonly OutputLine[];
  readonly gates: readonly GateReport[];
  readonly warnings: readonly string[];
  /** The newest step that the build has told: "5 of 7", of one image. */
  readonly building: BuildStep | undefined;
  readonly end: RunEnd | undefined;
}

export interface BuildStep {
  readonly image: string | undefined;
  readonly step: number;
  readonly of: number;
}

/** So much output is on show; of more, the oldest goes. */
const mostLines = 2_000;

/** A run with these events more. Undefined before its first one. */
export function afterEvents(before: RunView | undefined, events: readonly DeployEvent[]): RunView | undefined {
  const lines: OutputLine[] = [];
  let view = before;
  for (const event of events) {
    if (event.kind === 'begun') {
      view = begun(event.run);
      lines.length = 0;
    } else if (view !== undefined) view = after(view, event, lines);
  }
  if (view === undefined || lines.length === 0) return view;
  return { ...view, output: [...view.output, ...lines].slice(-mostLines) };
}

function begun(run: string): RunView {
  return {
    ...{ run, stages: [], changes: undefined, uploadBytes: 0, sentBytes: 0, output: [], gates: [], warnings: [] },
    ...{ building: undefined, end: undefined },
  };
}

function after(view: RunView, event: Exclude<DeployEvent, { kind: 'begun' }>, lines: OutputLine[]): RunView {
  switch (event.kind) {
    case 'progress':
      return afterProgress(view, event.progress, lines);
    case 'result':
      return { ...view, end: { kind: 'result', result: event.result } };
    case 'verified':
      return { ...view, end: { kind: 'verified', ok: event.ok, failure: event.failure } };
    case 'skipped':
      return { ...view, end: { kind: 'skipped', because: event.because } };
  }
}

function afterProgress(view: RunView, progress: DeployProgress, lines: OutputLine[]): RunView {
  switch (progress.kind) {
    case 'stage':
      return { ...view, stages: [...view.stages, { stage: progress.stage, atMs: progress.atMs }] };
    case 'changes':
      return { ...view, changes: progress.changes, uploadBytes: progress.uploadBytes };
    case 'bytes':
      return { ...view, sentBytes: progress.sent, uploadBytes: progress.total };
    case 'output': {
      lines.push({ stage: view.stages.at(-1)?.stage, text: plain(progress.line) });
      const building = buildStep(progress.line);
      return building === undefined ? view : { ...view, building };
    }
    case 'gate': {
      const others = view.gates.filter(({ gate }) => gate !== progress.report.gate);
      return { ...view, gates: [...others, progress.report] };
    }
    case 'warning':
      return { ...view, warnings: [...view.warnings, progress.message] };
  }
}

/** What a builder says of where it is: BuildKit's `#10 [api 5/7] RUN …`, or `Step 5/7 : RUN …`. */
export function buildStep(line: string): BuildStep | undefined {
  const told = /^#\d+ \[(?:(\S+) )?(?:\S+ )?(\d+)\/(\d+)\] /.exec(line) ?? /^Step ()(\d+)\/(\d+) : /.exec(line);
  if (told === null) return undefined;
  return { image: told[1] === '' ? undefined : told[1], step: Number(told[2]), of: Number(told[3]) };
}

/** Without what moves a terminal's cursor or colours it. */
function plain(line: string): string {
  return line.replace(/\p{Cc}\[[\d;?]*[A-Za-z]/gu, '').replace(/[^\P{Cc}\t]/gu, '');
}
