import { assertNever, type Failure } from '../../shared/failure.ts';

/**
 * The life of a connection. `needs-user` waits for an answer or a correction and never retries by itself, so that
 * a wrong key can't lock a whole office out (PerSourcePenalties). `failed` will not heal by waiting either.
 */
export type ConnectionState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'authenticating'; readonly attempt: number }
  | { readonly kind: 'ready'; readonly since: number }
  | { readonly kind: 'reconnecting'; readonly attempt: number; readonly nextRetryAt: number; readonly failure: Failure }
  | { readonly kind: 'needs-user'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What follows from a failed attempt or a lost connection. */
export type Verdict = 'retry' | 'needs-user' | 'failed';

export type ConnectionEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'transport-up' }
  | { readonly kind: 'ready'; readonly at: number }
  | { readonly kind: 'lost'; readonly failure: Failure; readonly verdict: Verdict; readonly retryAt: number }
  | { readonly kind: 'stop' };

/** The next state. An event that means nothing in a state leaves it as it is: late news of an old attempt is no news. */
export function nextState(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event.kind) {
    case 'stop':
      return { kind: 'idle' };
    case 'start':
      return startsAttempt(state) ? { kind: 'connecting', attempt: attemptAfter(state) } : state;
    case 'transport-up':
      return state.kind === 'connecting' ? { kind: 'authenticating', attempt: state.attempt } : state;
    case 'ready':
      return isAttempting(state) ? { kind: 'ready', since: event.at } : state;
    case 'lost':
      return isAttempting(state) || state.kind === 'ready' ? afterLoss(state, event) : state;
    default:
      return assertNever(event);
  }
}

function startsAttempt(state: ConnectionState): boolean {
  return !isAttempting(state) && state.kind !== 'ready';
}

function isAttempting(state: ConnectionState): state is ConnectionState & { kind: 'connecting' | 'authenticating' } {
  return state.kind === 'connecting' || state.kind === 'authenticating';
}

function attemptAfter(state: ConnectionState): number {
  return state.kind === 'reconnecting' ? state.attempt : 1;
}

function afterLoss(state: ConnectionState, event: ConnectionEvent & { kind: 'lost' }): ConnectionState {
  switch (event.verdict) {
    case 'needs-user':
      return { kind: 'needs-user', failure: event.failure };
    case 'failed':
      return { kind: 'failed', failure: event.failure };
    case 'retry': {
      const attempt = isAttempting(state) ? state.attempt + 1 : 1;
      return { kind: 'reconnecting', attempt, nextRetryAt: event.retryAt, failure: event.failure };
    }
    default:
      return assertNever(event.verdict);
  }
}
