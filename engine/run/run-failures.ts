import { FailureError } from '../../shared/failure.ts';

export function timedOut(timeoutMs: number): FailureError {
  return new FailureError({
    code: 'command-timed-out',
    message: `Not done after ${timeoutMs / 1_000} s, so it was ended.`,
    hint: 'Give it more time with --timeout.',
  });
}

export function lostMidway(hostId: string): FailureError {
  return new FailureError({
    code: 'connection-lost',
    message: `The connection to ${hostId} was lost while the command ran, so its result is not known.`,
    hint: 'The host ends it as soon as it notices. Nothing is repeated unasked.',
  });
}

export function lostBefore(hostId: string, cause: unknown): FailureError {
  return new FailureError(
    {
      code: 'connection-lost',
      message: `The connection to ${hostId} was lost before the command began.`,
      hint: 'Try again when it is back; `towline status` tells.',
    },
    { cause },
  );
}

/** The login shell ran something else: no login allowed, a forced command. `complaint` is what it said. */
export function neverBegan(hostId: string, complaint: string): FailureError {
  const said = complaint.trim();
  return new FailureError({
    code: 'command-not-started',
    message: `${hostId} did not run it${said === '' ? ' and did not say why' : `: ${said}`}`,
    hint: 'The login there must be allowed to run commands, and have a POSIX `sh`.',
  });
}

export function cutOff(hostId: string): FailureError {
  return new FailureError({
    code: 'command-cut-off',
    message: `${hostId} ended the session before the command was done, so its result is not known.`,
    hint: 'Somebody there, or a shortage of memory, may have ended it.',
  });
}

export function runNotStarted(): FailureError {
  return new FailureError({ code: 'run-not-started', message: 'The command takes input only once it runs.' });
}
