import type { DeployProgress, GateReport } from '../shared/deploy.ts';
import type { DeployEvent } from '../shared/deployment.ts';
import type { Failure } from '../shared/failure.ts';
import { redactText } from './redact.ts';

/** The event without keys, passwords and tokens that tools or containers have printed. */
export function withoutSecrets(event: DeployEvent): DeployEvent {
  switch (event.kind) {
    case 'progress':
      return { ...event, progress: cleanProgress(event.progress) };
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

function cleanProgress(progress: DeployProgress): DeployProgress {
  switch (progress.kind) {
    case 'output':
      return { ...progress, line: redactText(progress.line) };
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

function cleanGate({ log, ...report }: GateReport): GateReport {
  return { ...report, saw: redactText(report.saw), ...(log === undefined ? {} : { log: log.map(redactText) }) };
}

function cleanFailure({ hint, ...failure }: Failure): Failure {
  return {
    ...failure,
    message: redactText(failure.message),
    ...(hint === undefined ? {} : { hint: redactText(hint) }),
  };
}
