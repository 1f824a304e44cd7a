import { expect, test } from 'vitest';
import { turnsBetween, type Happening } from '../../../engine/timeline/story.ts';
import type { AppState } from '../../../shared/app-state.ts';
import type { ForwardView } from '../../../shared/forward.ts';
import type { HostView } from '../../../shared/host.ts';
import type { StackStatus, StackView } from '../../../shared/stack-view.ts';
import { appState, forwardView, hostView } from '../serve/fake-engine.ts';

const told = (before: AppState, after: AppState): Happening[] =>
  turnsBetween(before, after).map(({ happening }) => happening);

const hostTold = (before: Partial<HostView>, after: Partial<HostView>): Happening[] =>
  told(appState([hostView('shop', before)]), appState([hostView('shop', after)]));

const forwardTold = (before: ForwardView | undefined, after: ForwardView | undefined): Happening[] =>
  hostTold(
    { forwards: before === undefined ? {} : { [before.id]: before } },
    { forwards: after === undefined ? {} : { [after.id]: after } },
  );

const lost = { code: 'connection-lost', message: 'shop hung up.' };

test('figures alone are no story', () => {
  const web = forwardView('web', 8080);
  expect(
    hostTold(
      { forwards: { web } },
      {
        forwards: { web: { ...web, total: 5, bytesUp: 7 } },
        sessions: { limit: 2, inUse: 1, waiting: 0, peak: 1, opened: 2, lastHour: 2 },
        server: { rttMs: 4 },
        events: { state: 'live', attempt: 0, received: 9, consecutiveFailures: 0 },
      },
    ),
  ).toEqual([]);
});

test('a lost connection is told with its reason and attempt', () => {
  expect(hostTold({}, { state: 'reconnecting', attempt: 1, reason: lost })).toEqual([
    { kind: 'connection', hostId: 'shop', state: 'reconnecting', attempt: 1, reason: lost },
  ]);
});

test('a connection that was lost and is there again between two looks is told', () => {
  const ready = (opened: number, readySince: number) => ({ connections: { opened, lastHour: opened, readySince } });
  expect(hostTold(ready(1, 10), ready(2, 20))).toEqual([{ kind: 'connection', hostId: 'shop', state: 'ready' }]);
});

test('Docker is told once it has said what it is, and again when it is gone and why', () => {
  const endpoint = { kind: 'streamlocal' as const, path: '/run/docker.sock' };
  const reason = { code: 'docker-absent', message: 'No Docker.' };
  expect(hostTold({ docker: {} }, { docker: { endpoint } })).toEqual([]);
  expect(hostTold({ docker: { endpoint } }, { docker: { endpoint, engineVersion: '29.0' } })).toEqual([
    { kind: 'docker', hostId: 'shop', state: 'reachable', endpoint: '/run/docker.sock', engineVersion: '29.0' },
  ]);
  expect(hostTold({ docker: { endpoint, engineVersion: '29.0' } }, { docker: { reason } })).toEqual([
    { kind: 'docker', hostId: 'shop', state: 'unreachable', reason },
  ]);
});

test('the event stream is told as it comes and goes, each end with its cause', () => {
  const before = { state: 'live' as const, attempt: 1, received: 3, consecutiveFailures: 0, liveSince: 5 };
  const ended = [{ at: 9, cause: lost, totalMs: 4, received: 3 }];
  const waiting = { state: 'waiting' as const, attempt: 1, received: 3, consecutiveFailures: 1, ended };
  const live = { ...before, attempt: 2, liveSince: 12, startupMs: 2, ended };
  expect(hostTold({ events: before }, { events: waiting })).toEqual([
    { kind: 'events', hostId: 'shop', attempt: 1, state: 'ended', received: 3, reason: lost, lastedMs: 4 },
  ]);
  const again = { kind: 'events', hostId: 'shop', attempt: 2, state: 'live', startupMs: 2 };
  expect(hostTold({ events: waiting }, { events: live })).toEqual([again]);
  expect(hostTold({ events: before }, { events: live })).toEqual([
    expect.objectContaining({ state: 'ended', lastedMs: 4 }),
    again,
  ]);
});

test('a forward is told when it opens, with the time that took, and when it closes', () => {
  const web = forwardView('web', 8080, { openedMs: 1.5 });
  const about = {
    kind: 'forward',
    hostId: 'shop',
    forwardId: 'web',
    container: 'web',
    protocol: 'tcp',
    local: { address: '127.0.0.1', port: 8080 },
    requestedPort: 8080,
  };
  const opening = { ...web, state: 'opening' as const };
  expect(forwardTold(undefined, opening)).toEqual([]);
  expect(forwardTold(opening, web)).toEqual([{ ...about, state: 'listening', openedMs: 1.5 }]);
  expect(forwardTold(undefined, web)).toEqual([{ ...about, state: 'listening', openedMs: 1.5 }]);
  expect(forwardTold(web, undefined)).toEqual([{ ...about, state: 'closed' }]);
});

test('a forward on another port than was wanted is remapped, with the reason', () => {
  const reason = { code: 'port-in-use', message: 'taken' };
  const local = { address: '127.0.0.1', port: 40_001, addresses: ['127.0.0.1'] };
  const web = forwardView('web', 8080, { local, reason });
  expect(forwardTold(undefined, web)).toMatchObject([{ state: 'remapped', local: { port: 40_001 }, reason }]);
});

test('that a forward holds its clients is the connection’s story; that it waits for its container is its own', () => {
  const web = forwardView('web', 8080);
  expect(forwardTold(web, { ...web, state: 'holding' })).toEqual([]);
  expect(forwardTold({ ...web, state: 'holding' }, web)).toEqual([]);
  expect(forwardTold(web, { ...web, state: 'lingering' })).toMatchObject([{ state: 'lingering' }]);
});

test('a question is told when it is asked and when it is closed, one after the other', () => {
  const prompt = (id: string) => ({
    id,
    request: { kind: 'passphrase' as const, hostId: 'shop', keyFile: '/k', wrongBefore: false },
  });
  expect(hostTold({}, { prompt: prompt('1') })).toMatchObject([{ kind: 'prompt', state: 'asked', asks: 'passphrase' }]);
  expect(hostTold({ prompt: prompt('1') }, { prompt: prompt('2') })).toMatchObject([
    { state: 'closed' },
    { state: 'asked' },
  ]);
});

const stack = (status: StackStatus): StackView => ({
  name: 'api',
  hostId: 'shop',
  dir: '/srv/api',
  project: 'api',
  status,
});
const stackTold = (before: StackStatus, after: StackStatus): Happening[] =>
  told(appState([], { stacks: { api: stack(before) } }), appState([], { stacks: { api: stack(after) } }));

test('a deployment is told stage by stage, and how it ended', () => {
  const running = (stage: 'uploading' | 'starting', percent?: number): StackStatus => ({
    ...{ kind: 'running', run: 'r', action: 'deploy', stage, since: 1_000 },
    ...(percent === undefined ? {} : { percent }),
  });
  const failure = { code: 'unhealthy', message: 'web is unhealthy.' };
  expect(stackTold({ kind: 'idle' }, running('uploading'))).toMatchObject([
    { kind: 'deployment', hostId: 'shop', stack: 'api', state: 'stage', action: 'deploy', stage: 'uploading' },
  ]);
  expect(stackTold(running('uploading'), running('uploading', 50))).toEqual([]);
  expect(stackTold(running('uploading'), running('starting'))).toMatchObject([{ stage: 'starting' }]);
  expect(stackTold(running('starting'), { kind: 'rolled-back', at: 5_000, failure })).toMatchObject([
    { state: 'ended', outcome: 'rolled-back', action: 'deploy', lastedMs: 4_000, reason: failure },
  ]);
  const left = { kind: 'deployment', hostId: 'shop', stack: 'api', state: 'ended', action: 'deploy' };
  expect(stackTold(running('uploading'), { kind: 'deployed', at: 500 })).toEqual([{ ...left, outcome: 'cancelled' }]);
  const queued = { kind: 'queued' as const, run: 'r', action: 'deploy' as const, since: 1_000 };
  expect(stackTold(queued, { kind: 'idle' })).toEqual([{ ...left, outcome: 'skipped' }]);
});

test('a warning is told when it is raised and when it clears, not while it stays', () => {
  const alert = { id: 'log-growing', code: 'log-growing' as const, message: 'too much', hint: 'less' };
  const raised = { ...alert, since: 1, announcedAt: 1 };
  const quiet = appState();
  const loud = appState([], { alerts: { 'log-growing': raised } });
  expect(told(quiet, loud)).toEqual([{ kind: 'alert', state: 'raised', alert: 'log-growing', message: 'too much' }]);
  expect(told(loud, appState([], { alerts: { 'log-growing': { ...raised, message: 'more' } } }))).toEqual([]);
  expect(told(loud, quiet)).toMatchObject([{ kind: 'alert', state: 'cleared' }]);
});

test('a host called as what every object inherits is a host like any other', () => {
  const host = hostView('constructor');
  expect(told(appState(), appState([host]))).toMatchObject([
    { kind: 'connection' },
    { kind: 'docker' },
    { kind: 'events' },
  ]);
});
