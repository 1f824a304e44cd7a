import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextState, type ConnectionEvent, type ConnectionState } from '../../../engine/ssh/connection-state.ts';

const failure = { code: 'x', message: 'x' };
const event: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constantFrom<ConnectionEvent>({ kind: 'start' }, { kind: 'transport-up' }, { kind: 'stop' }),
  fc.nat().map((at) => ({ kind: 'ready', at }) as const),
  fc
    .tuple(fc.constantFrom('retry', 'needs-user', 'failed'), fc.nat())
    .map(([verdict, retryAt]) => ({ kind: 'lost', failure, verdict, retryAt }) as const),
);
const after = (events: readonly ConnectionEvent[]): ConnectionState =>
  events.reduce<ConnectionState>(nextState, { kind: 'idle' });

test('whatever has happened, stop leads to idle, and start from there to a first attempt', () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const stopped = nextState(after(events), { kind: 'stop' });
      expect(stopped).toEqual({ kind: 'idle' });
      expect(nextState(stopped, { kind: 'start' })).toEqual({ kind: 'connecting', attempt: 1 });
    }),
  );
});

test('whatever has happened, start leads to an attempt, unless there is one or it is ready', () => {
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const state = after(events);
      const busy = ['connecting', 'authenticating', 'ready'].includes(state.kind);
      const next = nextState(state, { kind: 'start' });
      if (busy) expect(next).toBe(state);
      else expect(next.kind).toBe('connecting');
    }),
  );
});

test('attempts are counted from the loss on', () => {
  const lost: ConnectionEvent = { kind: 'lost', failure, verdict: 'retry', retryAt: 7 };
  const start: ConnectionEvent = { kind: 'start' };
  expect(after([start, { kind: 'ready', at: 1 }, lost, start, lost])).toEqual({
    kind: 'reconnecting',
    attempt: 2,
    nextRetryAt: 7,
    failure,
  });
});
