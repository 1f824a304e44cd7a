import type { DeployProgress, GateReport } from '../shared/deploy.ts';
import type { DeployEvent } from '../shared/deployment.ts';
import type { Failure } from '../shared/failure.ts';
import { redactText } from './redact.ts';
import { LineRedactor, redactLines } from './redacted-lines.ts';

/** Takes keys, passwords and tokens that tools or containers have printed out of the events of one run, in their order. */
export class EventRedactor {
  readonly #outputs = new Map<string, LineRedactor>();

  clean(event: DeployEvent): DeployEvent {
    switch (event.kind) {
      case 'progress':
        return { ...event, progress: this.#cleanProgress(event.stack, event.progress) };
      case 'result': {
        const { failure, gates, ...result } = event.result;
        const clean = failure === undefined ? {} : { failure: cleanFailure(failure) };
        return { ...event, result: { ...result, ...clean, gates: gates.map(cleanGate) } };
      }
      case 'verified':
        return event.failure === undefined ? event : { ...event, failure: cleanFailure(event.failure) };
      case 'begun':
      case 'skipped':
        return event;
    }
  }

  #cleanProgress(stack: string, progress: DeployProgress): DeployProgress {
    switch (progress.kind) {
      case 'output':
        return { ...progress, line: this.#output(stack).redact(progress.line) };
      case 'gate':
        return { ...progress, report: cleanGate(progress.report) };
      case 'warning':
        return { ...progress, message: redactText(progress.message) };
      case 'stage':
      case 'changes':
      case 'bytes':
        return progress;
    }
  }

  #output(stack: string): LineRedactor {
    const known = this.#outputs.get(stack) ?? new LineRedactor();
    this.#outputs.set(stack, known);
    return known;
  }
}

function cleanGate({ log, ...report }: GateReport): GateReport {
  return { ...report, saw: redactText(report.saw), ...(log === undefined ? {} : { log: redactLines(log) }) };
}

function cleanFailure({ hint, ...failure }: Failure): Failure {
  return {
    ...failure,
    message: redactText(failure.message),
    ...(hint === undefined ? {} : { hint: redactText(hint) }),
  };
}
