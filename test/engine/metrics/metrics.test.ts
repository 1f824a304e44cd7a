import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Metrics } from '../../../engine/metrics/metrics.ts';
import { StateStore } from '../../../engine/state-store.ts';
import { Timeline } from '../../../engine/timeline/timeline.ts';
import type { AppState } from '../../../shared/app-state.ts';
import { appState, forwardView, hostView } from '../serve/fake-engine.ts';
import { readExposition, valueOf, type ReadSample } from '../../support/exposition-text.ts';
import { TestClock } from '../../support/test-clock.ts';
import { testWith } from '../../support/test-with.ts';
import { waitFor } from '../../support/wait-for.ts';

let clock: TestClock;
let store: StateStore;
let timeline: Timeline;
let metrics: Metrics;

beforeEach(() => {
  clock = new TestClock();
  store = new StateStore(appState([hostView('shop')]), clock);
  timeline = new Timeline({ store, clock });
  metrics = new Metrics({ store, onDidHappen: timeline.onDidAdd, logBytes: () => 4_711, clock });
});
afterEach(async () => {
  await metrics.dispose();
  await timeline.dispose();
});

const show = (state: AppState): void => store.update(() => state);
const scraped = async (): Promise<ReadSample[]> => readExposition(await metrics.text());

/** A busy engine, with all that strangers can name. */
function busyState(name: string): AppState {
  const forwards = [
    forwardView(`${name}:80`, 8080, {
      container: name,
      total: 7,
      active: 2,
      bytesUp: 100,
      bytesDown: 2_000,
      openedMs: 1.2,
    }),
    forwardView('other', 5432, { state: 'conflict' }),
    forwardView('dns', 53, { protocol: 'udp', state: 'unsupported' }),
  ];
  const shop = hostView('shop', {
    connections: {
      opened: 3,
      lastHour: 2,
      readySince: clock.now() - 1_500,
      attempts: { state: 'open', left: 0, waiting: 1 },
    },
    events: { state: 'live', attempt: 4, received: 99, consecutiveFailures: 1, startupMs: 40, lagMs: -3 },
    server: { rttMs: 12.5 },
    commands: {
      ...{ waiting: 1, running: 2, completed: 7, rejected: 3 },
      durations: {
        count: 7,
        sumMs: 9_500,
        buckets: [
          { leMs: 100, count: 4 },
          { leMs: 1_000, count: 6 },
        ],
      },
    },
    forwards: Object.fromEntries(forwards.map((forward) => [forward.id, forward])),
  });
  return appState([shop, hostView('forge', { state: 'reconnecting', docker: {} })]);
}

test('what it tells is what the state says', async () => {
  show(busyState('web'));
  const samples = await scraped();
  const shop = { host: 'shop' };
  const figures = {
    opened: valueOf(samples, 'towline_ssh_connections_opened_total', shop),
    age: valueOf(samples, 'towline_ssh_connection_age_seconds', shop),
    reconnects: valueOf(samples, 'towline_ssh_reconnects_total', shop),
    connected: [
      valueOf(samples, 'towline_ssh_connections', shop),
      valueOf(samples, 'towline_ssh_connections', { host: 'forge' }),
    ],
    circuit: valueOf(samples, 'towline_ssh_circuit_open', shop),
    state: valueOf(samples, 'towline_host_state', { host: 'forge', state: 'reconnecting' }),
    rtt: valueOf(samples, 'towline_ssh_round_trip_seconds', shop),
    received: valueOf(samples, 'towline_docker_events_received_total', shop),
    lag: valueOf(samples, 'towline_docker_event_lag_seconds', shop),
    docker: valueOf(samples, 'towline_docker_up', { host: 'forge' }),
    commands: ['0.1', '1', '+Inf'].map((le) =>
      valueOf(samples, 'towline_command_duration_seconds_bucket', { ...shop, le }),
    ),
    rejected: valueOf(samples, 'towline_commands_rejected_total', shop),
    conflicts: valueOf(samples, 'towline_forwards', { ...shop, state: 'conflict' }),
    down: valueOf(samples, 'towline_forward_bytes_total', { ...shop, container: 'web', direction: 'down' }),
    clients: valueOf(samples, 'towline_forward_connections', { ...shop, container: 'web', port: '8080' }),
    log: valueOf(samples, 'towline_log_written_bytes_total'),
  };
  expect(figures).toEqual({
    opened: 3,
    age: 1.5,
    reconnects: 2,
    connected: [1, 0],
    circuit: 1,
    state: 1,
    rtt: 0.0125,
    received: 99,
    lag: -0.003,
    docker: 0,
    commands: [4, 6, 7],
    rejected: 3,
    conflicts: 1,
    down: 2_000,
    clients: 2,
    log: 4_711,
  });
});

test('names that strangers give travel unharmed', () =>
  fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (name) => {
      fc.pre(name.isWellFormed() && name !== '__proto__');
      show(busyState(name));
      const samples = await scraped();
      expect(valueOf(samples, 'towline_forward_connections', { container: name })).toBe(2);
    }),
    { numRuns: 50 },
  ));

test('however many forwards and hosts come and go, there are no more series than there are of them now', async () => {
  const forwards = (prefix: string) =>
    Object.fromEntries(
      Array.from({ length: 1_000 }, (_, number) => {
        const id = `${prefix}${number}`;
        return [id, forwardView(id, 10_000 + number, { openedMs: 1 })];
      }),
    );
  for (const prefix of ['a', 'b', 'c']) show(appState([hostView(`host-${prefix}`, { forwards: forwards(prefix) })]));
  const samples = await scraped();
  expect(samples.filter(({ name }) => name === 'towline_forward_bytes_total').length).toBe(200);
  expect(valueOf(samples, 'towline_forwards_unlisted', { host: 'host-c' })).toBe(900);
  expect(new Set(samples.flatMap(({ labels }) => labels['host'] ?? []))).toEqual(new Set(['host-c']));
});

test('how long forwards took to open, and deployments to end, is counted once each', async () => {
  const web = forwardView('web', 8080, { openedMs: 3 });
  show(appState([hostView('shop', { forwards: { web } })]));
  show(appState([hostView('shop', { forwards: { web: { ...web, state: 'lingering' } } })]));
  show(appState([hostView('shop', { forwards: { web } })]));
  const stack = { name: 'api', hostId: 'shop', dir: '/srv', project: 'api' };
  const running = { kind: 'running', run: 'r', action: 'deploy', stage: 'starting', since: 1_000 } as const;
  show(appState([hostView('shop')], { stacks: { api: { ...stack, status: running } } }));
  show(appState([hostView('shop')], { stacks: { api: { ...stack, status: { kind: 'deployed', at: 21_000 } } } }));
  const samples = await scraped();
  const opening = (labels: Record<string, string>, part = 'bucket') =>
    valueOf(samples, `towline_forward_opening_seconds_${part}`, { host: 'shop', ...labels });
  expect([opening({ le: '0.0025' }), opening({ le: '0.005' }), opening({ le: '+Inf' }), opening({}, 'sum')]).toEqual([
    0, 1, 1, 0.003,
  ]);
  const ended = { action: 'deploy', outcome: 'deployed' };
  expect(valueOf(samples, 'towline_deployment_duration_seconds_count', ended)).toBe(1);
  expect(valueOf(samples, 'towline_deployment_duration_seconds_sum', ended)).toBe(20);
});

test('the event loop is watched from the first question on, and no longer than anybody asks', async () => {
  await metrics.text();
  expect(clock.pending).toBe(1);
  await clock.advance(300_000);
  expect(clock.pending).toBe(0);
});

testWith('promtool')('promtool finds nothing to object to', async () => {
  show(busyState('web "x"\\'));
  const delay = 'towline_event_loop_delay_seconds{percentile="99"}';
  const told = async (): Promise<string | false> => {
    const text = await metrics.text();
    return text.includes(delay) && text;
  };
  const input = await waitFor(told, { what: 'the loop to have been watched' });
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input,
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
