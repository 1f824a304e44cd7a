import { expect, test } from 'vitest';
import { changesBetween } from '../../headless/changes.ts';
import { jsonLine, textLine } from '../../headless/lines.ts';
import type { Alert } from '../../shared/alert.ts';
import type { AppState } from '../../shared/app-state.ts';
import type { ForwardView } from '../../shared/forward.ts';
import type { HostView } from '../../shared/host.ts';
import { appState, forwardView, hostView } from '../engine/serve/fake-engine.ts';

const withForward = (forward: ForwardView, host: Partial<HostView> = {}): AppState =>
  appState([hostView('shop', { forwards: { [forward.id]: forward }, ...host })]);
const lines = (before: AppState | undefined, after: AppState): unknown[] =>
  changesBetween(before, after).map((change) => JSON.parse(jsonLine(change)) as unknown);

test('the first state is told in full: the host, then its forwards', () => {
  const web = forwardView('web', 15432, {
    requestedPort: 5432,
    remote: { address: '127.0.0.1', port: 5432 },
    openedMs: 4,
  });
  expect(lines(undefined, withForward(web))).toEqual([
    { event: 'ready', host: 'shop', target: 'ssh://me@shop', connections: 1, sessions: 1 },
    {
      ...{
        event: 'forward',
        host: 'shop',
        id: 'web',
        state: 'listening',
        container: 'web',
        protocol: 'tcp',
        openedMs: 4,
      },
      ...{
        local: { address: '127.0.0.1', port: 15432 },
        requestedPort: 5432,
        remote: { address: '127.0.0.1', port: 5432 },
      },
    },
  ]);
});

test('counters alone are not told', () => {
  const before = withForward(forwardView('web', 8080));
  const after = withForward(forwardView('web', 8080, { active: 3, bytesUp: 99 }), { channels: { open: 7, peak: 9 } });
  expect(lines(before, after)).toEqual([]);
});

test('a forward that is in another state, one that closed and a host that went are told', () => {
  const listening = withForward(forwardView('web', 8080));
  const conflict = withForward(
    forwardView('web', 8080, { state: 'conflict', reason: { code: 'port-in-use', message: 'taken' } }),
  );
  expect(lines(listening, conflict)).toMatchObject([
    { event: 'forward', state: 'conflict', reason: { code: 'port-in-use' } },
  ]);
  expect(lines(listening, appState([hostView('shop')]))).toMatchObject([
    { event: 'forward', id: 'web', state: 'closed' },
  ]);
  expect(lines(listening, appState([]))).toMatchObject([{ state: 'closed' }, { event: 'removed', host: 'shop' }]);
});

test('as text a line names host, address, container, state and reason, without control characters', () => {
  const reason = { code: 'port-in-use', message: '8080 is used by x.' };
  const web = forwardView('web', 8080, { container: 'we\x1b[2Jb\n', state: 'conflict', reason });
  const failed = withForward(web, {
    state: 'failed',
    reason: { code: 'auth-refused', message: 'shop refused 3 keys.', hint: 'Add one.' },
  });
  expect(changesBetween(undefined, failed).map(textLine)).toEqual([
    'shop  Failed: shop refused 3 keys. Add one.',
    'shop  localhost:8080  we\ufffd[2Jb\ufffd  Port taken: 8080 is used by x.',
  ]);
});

test('a warning is told when it is announced, not while it stands, changes its words, clears or comes back within the hour', () => {
  const alert = {
    id: 'log-growing',
    code: 'log-growing',
    message: 'More.',
    hint: 'Less.',
    since: 5,
    announcedAt: 5,
  } as const;
  const warned = (differences: Partial<Alert> = {}): AppState =>
    appState([], { alerts: { 'log-growing': { ...alert, ...differences } } });
  const told = { event: 'alert', alert: 'log-growing', message: 'More.', hint: 'Less.' };
  expect(lines(appState(), warned())).toEqual([told]);
  expect(lines(undefined, warned())).toEqual([told]);
  expect(changesBetween(appState(), warned()).map(textLine)).toEqual(['towline  Warning: More. Less.']);
  expect(lines(warned(), warned({ message: 'Even more.' }))).toEqual([]);
  expect(lines(warned(), appState())).toEqual([]);
  expect(lines(appState(), warned({ since: 9 }))).toEqual([]);
});
