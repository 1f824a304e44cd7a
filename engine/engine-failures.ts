import { FailureError } from '../shared/failure.ts';

export function noHost(hostId: string, known: readonly string[]): FailureError {
  return new FailureError({
    code: 'host-not-found',
    message: `There is no host named ${hostId}.`,
    hint: known.length === 0 ? 'Add one: towline hosts add TARGET' : `There are: ${known.join(', ')}.`,
  });
}

export function noForward(hostId: string, forwardId: string): FailureError {
  return new FailureError({
    code: 'forward-not-found',
    message: `${hostId} has no forward ${forwardId}.`,
    hint: 'towline forwards lists them with their ids.',
  });
}

export function notManual(hostId: string, forwardId: string, exists: boolean): FailureError {
  if (!exists) return noForward(hostId, forwardId);
  return new FailureError({
    code: 'forward-not-manual',
    message: `${forwardId} belongs to a container and can't be removed.`,
    hint: `Pause it instead: towline forwards pause ${hostId} ${forwardId} — or leave it out with a rule.`,
  });
}
