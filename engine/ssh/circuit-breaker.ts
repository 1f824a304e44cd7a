/**
 * Whether a server is let alone: after some refusals in a row it is, for a while that doubles with each further one; then a
 * single attempt decides. Times are those of the caller's monotonic clock, in ms.
 */
export type BreakerState =
  | { readonly kind: 'closed'; readonly refusals: number }
  | { readonly kind: 'open'; readonly until: number; readonly times: number }
  /** One attempt is, or may be, under way. */
  | { readonly kind: 'half-open'; readonly times: number; readonly trying: boolean };

export type BreakerEvent = 'attempted' | 'succeeded' | 'refused' | 'abandoned' | 'try-now';

export interface BreakerLimits {
  readonly refusals: number;
  readonly openMs: number;
  readonly longestOpenMs: number;
}

export const closedBreaker: BreakerState = { kind: 'closed', refusals: 0 };

/** What the event makes of the state. Time alone opens the way again: ask `breakerNow` first. */
export function nextBreaker(
  state: BreakerState,
  event: BreakerEvent,
  now: number,
  limits: BreakerLimits,
): BreakerState {
  const times = state.kind === 'closed' ? 0 : state.times;
  switch (event) {
    case 'succeeded':
      return closedBreaker;
    case 'refused': {
      const refusals = state.kind === 'closed' ? state.refusals + 1 : limits.refusals;
      if (refusals < limits.refusals) return { kind: 'closed', refusals };
      return {
        kind: 'open',
        until: now + Math.min(limits.longestOpenMs, limits.openMs * 2 ** times),
        times: times + 1,
      };
    }
    case 'attempted':
      return state.kind === 'half-open' ? { ...state, trying: true } : state;
    case 'abandoned':
      return state.kind === 'half-open' ? { ...state, trying: false } : state;
    case 'try-now':
      return state.kind === 'closed' ? state : { kind: 'half-open', times, trying: false };
  }
}

/** The state at this moment: an open one whose time is over lets one attempt through. */
export function breakerNow(state: BreakerState, now: number): BreakerState {
  return state.kind === 'open' && now >= state.until ? { kind: 'half-open', times: state.times, trying: false } : state;
}

/** Until an attempt may be made; 0: now. Undefined: until the one under way has ended. */
export function breakerWaitMs(state: BreakerState, now: number): number | undefined {
  if (state.kind === 'open') return state.until - now;
  return state.kind === 'half-open' && state.trying ? undefined : 0;
}
