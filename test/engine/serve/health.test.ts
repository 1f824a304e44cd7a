import { expect, test } from 'vitest';
import { healthDetails, readiness } from '../../../engine/serve/health.ts';
import type { HostView } from '../../../shared/host.ts';
import { appState, forwardView, hostView } from './fake-engine.ts';

const events = (state: HostView['events']['state']): HostView['events'] => ({
  state,
  attempt: 1,
  received: 0,
  consecutiveFailures: 0,
});

test.each<[string, HostView[], boolean]>([
  ['every host with its Docker and its events', [hostView('a'), hostView('b', { events: events('polling') })], true],
  ['a host that the user has disconnected', [hostView('a'), hostView('b', { state: 'idle' })], true],
  ['no host at all', [], false],
  ['only hosts that the user has disconnected', [hostView('a', { state: 'idle' })], false],
  ['a host that is reconnecting', [hostView('a'), hostView('b', { state: 'reconnecting' })], false],
  ['a host without Docker', [hostView('a', { docker: {} })], false],
  ['a host whose events are waited for', [hostView('a', { events: events('waiting') })], false],
])('%s', (_what, hosts, ready) => {
  expect(readiness(appState(hosts)).ready).toBe(ready);
});

test('the details tell of each host what is open, what waits and what is wrong', () => {
  const reason = { code: 'connection-lost', message: 'shop hung up.' };
  const shop = hostView('shop', {
    state: 'reconnecting',
    reason,
    sessions: { limit: 2, inUse: 2, waiting: 0, peak: 2, opened: 5, lastHour: 5 },
    commands: { waiting: 3, running: 2, completed: 5, rejected: 1, durations: { count: 0, sumMs: 0, buckets: [] } },
    forwards: { a: forwardView('a', 1), b: forwardView('b', 2), c: forwardView('c', 3, { state: 'conflict' }) },
  });
  const alert = { id: 'x', code: 'event-stream-failing' as const, hostId: 'shop', message: 'failing', hint: '' };
  const alerts = { x: { ...alert, since: 0, announcedAt: 0 } };
  const details = healthDetails(appState([shop], { alerts }), 60_000, { rss: 1_000, heapUsed: 500 });
  expect(details).toMatchObject({
    ready: false,
    uptimeMs: 60_000,
    process: { rssBytes: 1_000, heapBytes: 500 },
    alerts: [{ code: 'event-stream-failing', host: 'shop', message: 'failing' }],
    hosts: [
      {
        id: 'shop',
        ready: false,
        state: 'reconnecting',
        reason,
        pool: shop.pool,
        queue: { waiting: 3, running: 2, rejected: 1 },
        sessions: { inUse: 2 },
        forwards: { listening: 2, conflict: 1 },
      },
    ],
  });
});
