import { FailureError, toFailure, type Failure } from '../shared/failure.ts';
import type { CommandRunEvent, CommandRunRequest } from '../shared/run.ts';
import { exitCode, exitCodeOf } from './exit.ts';
import type { RunDesk } from './run-desk.ts';

/** How a run on one host went. */
export interface RunOutcome {
  readonly hostId: string;
  /** Of the first command that failed, else 0. */
  readonly code: number;
  readonly durationMs: number;
  readonly failure?: Failure;
}

/** Where the output of a run goes; each resolves when there is room for more. */
export interface RunSink {
  output(event: CommandRunEvent & { kind: 'output' }, bytes: Buffer): Promise<void>;
  exited(event: CommandRunEvent & { kind: 'exited' }): void;
  ended(outcome: RunOutcome): void;
}

export interface RunOnHost {
  readonly desk: RunDesk;
  readonly request: CommandRunRequest;
  readonly sink: RunSink;
  readonly signal: AbortSignal;
  /** Called with the way into the commands once they run. */
  readonly onStarted?: (input: (data: Buffer, end: boolean) => Promise<void>) => void;
}

/** Runs it and hands on what it says. Never rejects: what went wrong is in the outcome. */
export async function runOnHost({ desk, request, sink, signal, onStarted }: RunOnHost): Promise<RunOutcome> {
  const { hostId } = request;
  let run = '';
  let code = 0;
  let durationMs = 0;
  let failure: Failure | undefined;
  try {
    for await (const event of desk.start(request, signal)) {
      if (event.kind === 'begun') ({ run } = event);
      else if (event.kind === 'started') onStarted?.((data, end) => desk.input(run, data, end));
      else if (event.kind === 'output') await sink.output(event, Buffer.from(event.data, 'base64'));
      else {
        if (code === 0) ({ code } = event);
        durationMs += event.durationMs;
        sink.exited(event);
      }
    }
  } catch (error) {
    failure = toFailure(error);
  }
  const outcome = { hostId, code, durationMs, ...(failure === undefined ? {} : { failure }) };
  sink.ended(outcome);
  return outcome;
}

/** As a shell and `timeout` have it: the command's own code, 124 after its time, 130 after Ctrl-C. */
export function codeOf({ code, failure }: Pick<RunOutcome, 'code' | 'failure'>): number {
  if (failure === undefined) return code;
  if (failure.code === 'command-timed-out') return 124;
  if (failure.code === 'interrupted') return 130;
  return exitCodeOf(failure);
}

export function codeOfAll(outcomes: readonly RunOutcome[]): number {
  return outcomes.every((outcome) => codeOf(outcome) === 0) ? exitCode.fine : exitCode.failed;
}

/** Whatever was thrown by a desk, where that is the end of it; otherwise it is thrown on. */
export function interruption(error: unknown): Failure | undefined {
  return error instanceof FailureError && error.code === 'interrupted' ? error.failure : undefined;
}
