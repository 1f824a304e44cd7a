import { expect, test } from 'vitest';
import { troubles, type Facts, type Trouble } from '../../../engine/alerts/trouble.ts';
import { alertThresholdsSchema } from '../../../shared/alert.ts';
import type { HostView } from '../../../shared/host.ts';
import { appState, forwardView, hostView } from '../serve/fake-engine.ts';

const thresholds = alertThresholdsSchema.parse({});
const nothing: Facts = { logBytesLastDay: 0, certificates: [] };
const dayMs = 86_400_000;

const found = (host: Partial<HostView>, facts: Partial<Facts> = {}): Trouble[] =>
  troubles(appState([hostView('shop', host)]), { ...nothing, ...facts }, thresholds, 0);
const codes = (list: readonly Trouble[]): string[] => list.map(({ code }) => code);

test('an engine at rest is no trouble', () => {
  expect(found({})).toEqual([]);
});

test.each<[string, (over: number) => Partial<HostView>, number]>([
  [
    'event-stream-failing',
    (over) => ({ events: { state: 'waiting', attempt: 9, received: 0, consecutiveFailures: 5 + over } }),
    1,
  ],
  ['connections-churning', (over) => ({ connections: { opened: 90, lastHour: 20 + over } }), 1],
  [
    'sessions-churning',
    (over) => ({ sessions: { limit: 2, inUse: 0, waiting: 0, peak: 1, opened: 90, lastHour: 20 + over } }),
    1,
  ],
])('%s: only above the threshold', (code, host, over) => {
  expect(codes(found(host(0)))).toEqual([]);
  expect(codes(found(host(over)))).toEqual([code]);
});

test('the event stream’s warning says why it failed last, and what to do', () => {
  const cause = { code: 'events-ended', message: 'The event stream ended: reset.' };
  const ended = [{ at: 1, cause, received: 0 }];
  const events = { state: 'waiting', attempt: 6, received: 0, consecutiveFailures: 6, ended } as const;
  expect(found({ events })).toEqual([
    {
      id: 'event-stream-failing shop',
      code: 'event-stream-failing',
      hostId: 'shop',
      message: "Docker's events of shop failed 6 times in a row. The event stream ended: reset.",
      hint: 'Until they come again, ports follow their containers late. What fails: towline doctor shop',
    },
  ]);
});

test('a forward that leads nowhere is named once three clients in a row have found out', () => {
  const reason = { code: 'channel-refused', message: 'direct-tcpip to 127.0.0.1:8080: Connection refused' };
  const web = (clients: number) => forwardView('web', 8080, { unreached: { clients, reason } });
  expect(found({ forwards: { web: web(2) } })).toEqual([]);
  expect(found({ forwards: { web: web(3) } })).toMatchObject([
    {
      id: 'forward-unreachable shop web',
      code: 'forward-unreachable',
      message: 'localhost:8080 leads nowhere: 127.0.0.1:8080 on shop answers none of its clients (Connection refused).',
    },
  ]);
});

test('a log is growing when a day brings more than 100 MB', () => {
  expect(found({}, { logBytesLastDay: 100_000_000 })).toEqual([]);
  expect(found({}, { logBytesLastDay: 120_000_000 })[0]?.message).toBe(
    "Towline's own log has grown by 120 MB within a day.",
  );
});

test.each([
  [14, undefined],
  [13.9, 'The certificate of shop.example:443 is valid for 13 more days.'],
  [1.5, 'The certificate of shop.example:443 is valid for 1 more day.'],
  [-0.5, 'The certificate of shop.example:443 has expired.'],
])('a certificate that is valid for %d days: %s', (days, message) => {
  const certificate = { endpoint: 'shop.example:443', hostId: 'shop', stack: 'api', until: days * dayMs };
  expect(found({}, { certificates: [certificate] })[0]?.message).toBe(message);
});

test('other thresholds are other warnings', () => {
  const state = appState([hostView('shop', { connections: { opened: 3, lastHour: 3 } })]);
  const strict = alertThresholdsSchema.parse({ connectionsPerHour: 2 });
  expect(codes(troubles(state, nothing, strict, 0))).toEqual(['connections-churning']);
});
